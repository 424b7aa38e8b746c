using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Tarn.CommandLine;

namespace Tarn.Server.Tracing;

/// <summary>Sends the traces of this process to a collector of OpenTelemetry by OTLP over HTTP, in protobuf.</summary>
internal static class OtlpTraces
{
    // A span that waits for a collector that does not answer must not grow the process; these are the exporter's own defaults, named.
    private const int QueueLimit = 2_048, BatchLimit = 512;

    /// <summary>Starts; dispose it to send what is left and end.</summary>
    /// <param name="endpoint">The collector; <c>/v1/traces</c> is added to its path, as OTLP demands.</param>
    public static IDisposable Start(Uri endpoint) => Sdk.CreateTracerProviderBuilder()
        .SetResourceBuilder(ResourceBuilder.CreateEmpty().AddService("tarn", serviceVersion: TarnProgram.Version))
        .AddSource("Tarn.*", "Microsoft.AspNetCore")
        .AddOtlpExporter(options =>
        {
            options.Protocol = OtlpExportProtocol.HttpProtobuf;
            options.Endpoint = new Uri(endpoint.AbsoluteUri.TrimEnd('/') + "/v1/traces");
            options.BatchExportProcessorOptions.MaxQueueSize = QueueLimit;
            options.BatchExportProcessorOptions.MaxExportBatchSize = BatchLimit;
        })
        .Build();
}
