using System.Text.Json;
using Tarn.Iceberg.Scanning;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transforms;

namespace Tarn.Catalog.Rest.Planning;

/// <summary>
/// A page of a plan as JSON (<c>ScanTasks</c>). Each answer stands alone: its tasks refer by position to its own list of delete files, and both fields are
/// absent rather than empty, as Java's client wants them. Residuals are in the older form of expressions, which all clients read.
/// </summary>
internal static class ScanTasksJson
{
    /// <summary>Writes the fields of a page.</summary>
    public static void Write(Utf8JsonWriter json, PlannedScan plan, PlanPage page)
    {
        var metadata = plan.Scans is [var first, ..] ? first.Metadata : null;
        var types = new Dictionary<int, StructType>();
        StructType TypeOf(PartitionSpec spec) =>
            types.TryGetValue(spec.SpecId, out var known) ? known : types[spec.SpecId] = spec.PartitionType(id => metadata!.CurrentSchema.FindField(id) ?? metadata.FindColumn(id));
        var deletes = new Dictionary<(string Path, long? Offset), int>();
        List<DataFile> files = [];
        foreach (var delete in page.Tasks.SelectMany(task => task.Deletes))
        {
            if (deletes.TryAdd(Identity(delete.DataFile), files.Count))
                files.Add(delete.DataFile);
        }

        json.WriteStartArray("plan-tasks");
        if (page.HasNext)
            json.WriteStringValue(PlanStore.TaskAfter(plan, page));
        json.WriteEndArray();
        if (files.Count > 0)
        {
            json.WriteStartArray("delete-files");
            foreach (var file in files)
                ContentFileJson.Write(json, file, TypeOf(metadata!.Spec(file.SpecId)), NoIds);
            json.WriteEndArray();
        }

        var statsIds = page.Tasks.Count > 0 ? plan.Request.StatsIds(plan.Scans[0].Schema) : NoIds;
        json.WriteStartArray("file-scan-tasks");
        foreach (var task in page.Tasks)
            WriteTask(json, task, TypeOf(task.Spec), statsIds, deletes);
        json.WriteEndArray();
    }

    private static IReadOnlySet<int> NoIds { get; } = new HashSet<int>();

    private static void WriteTask(Utf8JsonWriter json, FileScanTask task, StructType type, IReadOnlySet<int> statsIds, Dictionary<(string Path, long? Offset), int> deletes)
    {
        json.WriteStartObject();
        json.WritePropertyName("data-file");
        ContentFileJson.Write(json, task.File, type, statsIds);
        if (task.Deletes.Count > 0)
        {
            json.WriteStartArray("delete-file-references");
            foreach (var delete in task.Deletes)
                json.WriteNumberValue(deletes[Identity(delete.DataFile)]);
            json.WriteEndArray();
        }

        json.WritePropertyName("residual-filter");
        ExpressionJson.Write(json, task.Residual, ExpressionForm.Deprecated);
        json.WriteEndObject();
    }

    // Many deletion vectors share one Puffin file.
    private static (string Path, long? Offset) Identity(DataFile file) => (file.FilePath, file.ContentOffset);
}
