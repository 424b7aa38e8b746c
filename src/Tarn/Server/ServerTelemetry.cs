using System.Diagnostics.Metrics;
using Tarn.Access.Auditing;
using Tarn.CommandLine;
using Tarn.Iceberg.Lineage;
using Tarn.Server.Parts;

namespace Tarn.Server;

/// <summary>What the server measures about itself.</summary>
internal sealed class ServerTelemetry : IDisposable
{
    private readonly Meter _meter = new("Tarn.Server");

    /// <summary>Publishes the state of the parts and of the trails.</summary>
    public ServerTelemetry(IReadOnlyList<PartSupervisor> parts, IAuditLog audit, ILineageLog lineage, StoragePart? storage)
    {
        _meter.CreateObservableGauge("tarn.build.info", static () => new Measurement<int>(1, new KeyValuePair<string, object?>("version", TarnProgram.Version)), description: "Version of the running program; always 1");
        _meter.CreateObservableGauge("tarn.part.ready", () => parts.Select(part => Of(part, part.State.IsReady ? 1 : 0)), description: "Whether a part does its work: 1 or 0");
        _meter.CreateObservableCounter("tarn.part.restarts", () => parts.Select(part => Of(part, part.State.Restarts)), "{restart}", "How often a part was started again after a failure");
        _meter.CreateObservableCounter("tarn.audit.lost", () => audit.LostCount, "{event}", "Audit events that could not be written");
        _meter.CreateObservableCounter("tarn.lineage.lost", () => lineage.LostCount, "{event}", "Lineage events that could not be written");
        if (storage is not null)
            _meter.CreateObservableCounter("tarn.objects.replaced", () => storage.ReplacedObjects, "{object}", "Uploaded objects whose files another program has replaced");
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private static Measurement<int> Of(PartSupervisor part, int value) => new(value, new KeyValuePair<string, object?>("part", part.Name));
}
