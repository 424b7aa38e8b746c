using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Operations;

namespace Tarn.Catalog.Rest.Metrics;

/// <summary>
/// <c>POST namespaces/{namespace}/tables/{table}/metrics</c>: what a client measured at a scan or commit. Reports are checked and counted; they may come before
/// the table is there, because clients report the scan of a staged table too.
/// </summary>
internal sealed class ReportMetrics : IRestOperation
{
    private static readonly string[] s_scan = ["table-name", "snapshot-id", "filter", "schema-id", "projected-field-ids", "projected-field-names", "metrics"];
    private static readonly string[] s_commit = ["table-name", "snapshot-id", "sequence-number", "operation", "metrics"];

    /// <inheritdoc/>
    public async ValueTask<RestAnswer> HandleAsync(RestCall call, CancellationToken cancellationToken)
    {
        var body = await call.ReadJsonAsync(cancellationToken);
        string type = body.Text("report-type");
        string[] fields = type switch
        {
            "scan-report" => s_scan,
            "commit-report" => s_commit,
            _ => throw RestException.BadRequest($"report-type is '{type}'; it is scan-report or commit-report."),
        };
        foreach (string field in fields)
            body.Required(field);
        await call.Catalog.LoadTableAsync(call.Table, cancellationToken);
        call.Services.Telemetry.CountReport(type);
        return RestAnswer.NoContent;
    }
}
