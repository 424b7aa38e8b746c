using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Operations;
using Tarn.Catalog.Rest.Requests;
using Tarn.Iceberg.Lineage;
using Tarn.Metastore.Authorization;

namespace Tarn.Catalog.Rest.Metrics;

/// <summary>
/// <c>POST namespaces/{namespace}/tables/{table}/metrics</c>: what a client measured at a scan or commit. Reports are checked and counted, and scans
/// are kept as lineage; they may come before
/// the table is there, because clients report the scan of a staged table too.
/// </summary>
internal sealed class ReportMetrics : IRestOperation
{
    private const string ScanReport = "scan-report";

    private static readonly string[] s_scan = ["table-name", "snapshot-id", "filter", "schema-id", "projected-field-ids", "projected-field-names", "metrics"];
    private static readonly string[] s_commit = ["table-name", "snapshot-id", "sequence-number", "operation", "metrics"];

    /// <inheritdoc/>
    public async ValueTask<RestAnswer> HandleAsync(RestCall call, CancellationToken cancellationToken)
    {
        var body = await call.ReadJsonAsync(cancellationToken);
        string type = body.Text("report-type");
        string[] fields = type switch
        {
            ScanReport => s_scan,
            "commit-report" => s_commit,
            _ => throw RestException.BadRequest($"report-type is '{type}'; it is scan-report or commit-report."),
        };
        foreach (string field in fields)
            body.Required(field);
        bool isThere = await call.Catalog.LoadTableAsync(call.Table, cancellationToken) is not null;
        if (isThere && type == ScanReport && call.Catalog is AuthorizedCatalog catalog)
            catalog.RecordScan(call.Table, SnapshotOf(body), [.. body.Required("projected-field-names").AsList().Take(LineageObject.MaxColumns).Select(c => c.AsText())], EngineOf(body));
        call.Services.Telemetry.CountReport(type);
        return RestAnswer.NoContent;
    }

    private static string? EngineOf(RestBody body) => body.Optional("metadata")?.AsStringMap() is { } metadata ? LineageEvent.EngineIn(metadata) : null;

    // A scan of a table without snapshots reports -1.
    private static long? SnapshotOf(RestBody body) => body.Required("snapshot-id").Json is { ValueKind: System.Text.Json.JsonValueKind.Number } json && json.TryGetInt64(out long id) && id >= 0 ? id : null;
}
