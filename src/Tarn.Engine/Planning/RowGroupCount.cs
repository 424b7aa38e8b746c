using Tarn.Engine.Parquet;
using Tarn.Engine.Relations;
using Tarn.Iceberg.Expressions;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Planning;

/// <summary>Row groups of the files of a scan, and those among them that may hold a row its filter selects, by the statistics in the footers.</summary>
/// <param name="Kept">Row groups that may match. Those without statistics always may.</param>
/// <param name="Total">All row groups.</param>
/// <param name="RecordsKept">Rows in row groups that may match.</param>
internal readonly record struct RowGroupCount(long Kept, long Total, long RecordsKept)
{
    /// <summary>Reads the footers of all files of the scan again: for EXPLAIN ANALYZE, not for queries.</summary>
    public static RowGroupCount Of(PlannedScan scan, CancellationToken cancellationToken)
    {
        var filter = scan.Filter.Filter.Bind(scan.Reference.Schema);
        var tested = filter.ReferencedFields().Select(id => scan.Reference.Schema.FindField(id)!).ToArray();
        var layouts = new Dictionary<string, IReadOnlyList<TestedColumn>>(StringComparer.Ordinal);
        var count = default(RowGroupCount);
        foreach (var file in scan.Table.Files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (file.Footer is null)
                continue;
            if (!layouts.TryGetValue(file.Form, out var columns))
                layouts.Add(file.Form, columns = tested.Length == 0 ? [] : Locate(tested, file, scan.Table.Mapping));
            foreach (var group in RowGroup.ReadAll(file.Path))
                count = count.With(group, filter.MightMatchFile(AsFile(file.File, group, columns)));
        }

        return count;
    }

    private RowGroupCount With(RowGroup group, bool kept) => new(Kept + (kept ? 1 : 0), Total + 1, RecordsKept + (kept ? group.RowCount : 0));

    // The evaluation of file metrics knows files: a row group is one with its own counts and bounds.
    private static DataFile AsFile(DataFile file, RowGroup group, IReadOnlyList<TestedColumn> columns)
    {
        Dictionary<int, long> values = [], nulls = [];
        Dictionary<int, byte[]> lower = [], upper = [];
        foreach (var (position, field, leaf) in columns)
        {
            if (position >= group.Columns.Count || group.Columns[position] is not { } statistics)
                continue;
            values[field.Id] = statistics.ValueCount;
            if (statistics.NullCount is { } nullCount)
                nulls[field.Id] = nullCount;
            if (StatisticsValue.Convert(leaf, field.Type, statistics.Min, isLower: true) is { } min)
                lower[field.Id] = min;
            if (StatisticsValue.Convert(leaf, field.Type, statistics.Max, isLower: false) is { } max)
                upper[field.Id] = max;
        }

        return new DataFile
        {
            FilePath = file.FilePath,
            Format = FileFormat.Parquet,
            RecordCount = group.RowCount,
            FileSizeInBytes = file.FileSizeInBytes,
            ValueCounts = values,
            NullValueCounts = nulls,
            LowerBounds = lower,
            UpperBounds = upper,
        };
    }

    private static IReadOnlyList<TestedColumn> Locate(IReadOnlyList<NestedField> tested, ScanFile file, NameMapping? mapping)
    {
        var positions = UtcAnnotation.Leaves(file.Footer!.Root).Index().ToDictionary(l => (object)l.Item, l => l.Index, ReferenceEqualityComparer.Instance);
        var byId = FileColumn.Of(file, mapping).SelectMany(Leaves).DistinctBy(c => c.FieldId).ToDictionary(c => c.FieldId!.Value, c => c.Leaf!);
        return [.. from field in tested where byId.ContainsKey(field.Id) let leaf = byId[field.Id] select new TestedColumn(positions[leaf], field, leaf)];
    }

    // No filter tests a column inside a list or map.
    private static IEnumerable<FileColumn> Leaves(FileColumn column) => column.Kind switch
    {
        TypeId.Struct => column.Children.SelectMany(Leaves),
        null when column.FieldId is not null => [column],
        _ => [],
    };

    private readonly record struct TestedColumn(int Position, NestedField Field, ParquetColumn Leaf);
}
