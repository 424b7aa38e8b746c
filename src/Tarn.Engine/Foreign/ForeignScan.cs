using System.Globalization;
using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Engine.Foreign.Lines;
using Tarn.Engine.Functions;
using Tarn.Engine.Planning;
using Tarn.Engine.Relations;
using Tarn.Engine.Sessions;
using Tarn.Iceberg.Expressions;
using Tarn.Iceberg.Scanning;
using Tarn.Iceberg.Spec;

namespace Tarn.Engine.Foreign;

/// <summary>
/// Opens the files of one scan of a table of another format and makes the SQL that reads them. Partitions that cannot match are left out before their
/// folders are looked at.
/// </summary>
internal sealed class ForeignScan(EngineServices services, SessionTrust trust, PlannedQuery planned, ScanReference scan, ForeignLayout layout)
{
    // Bytes of a line, roughly: for estimates of rows only.
    private const int UsualLineBytes = 100;

    /// <summary>Adds the scan to the query; its files are held until the query is disposed.</summary>
    public async ValueTask<string> AddAsync(DiscoveredFilter filter, CancellationToken cancellationToken)
    {
        ForeignPartition[] all = [.. layout.Partitions()];
        var matches = new PartitionProjection(layout.Spec).Inclusive(filter.Filter.Bind(scan.Schema, caseSensitive: true));
        ForeignPartition[] kept = [.. all.Where(p => matches.MatchesPartition(p.Values))];
        var listed = await new ForeignFiles(services.Store, services.Locations).ListAsync(kept, cancellationToken).ConfigureAwait(false);
        var leases = await FileLeases.TakeAsync(services.Store, [.. listed.SelectMany(l => l.Select(f => f.Location))], cancellationToken).ConfigureAwait(false);
        foreach (var lease in leases)
            planned.Own(lease);
        var files = new List<ScanFile>(leases.Length);
        foreach (var (partition, found) in kept.Zip(listed))
        {
            var form = FormOf(partition);
            foreach (var file in found)
                files.Add(Open(partition, form, file, leases[files.Count].Path));
        }

        var table = new TableFiles(scan.Schema, null, files) { Register = Register };
        planned.Add(new PlannedScan(scan, filter, new ScanMetrics(), table) { Partitions = layout.Spec.Fields.Count == 0 ? null : (kept.Length, all.Length) });
        return TableRelation.ToSql(table, [scan.Schema]);
    }

    // How lines of a partition are read; null for Parquet.
    private LineForm? FormOf(ForeignPartition partition)
    {
        string name = partition.Name.Length == 0 ? $"Table '{layout.Identifier}'" : $"Partition '{partition.Name}' of table '{layout.Identifier}'";
        var format = ForeignFormats.Of(partition.Storage, name);
        if (format == ForeignFormat.Parquet)
            return null;
        RequireTextTypes(name, format);
        return new LineForm(format, ColumnsOf(name, partition.Storage.Columns), layout.ColumnTypes, partition.Storage.Options);
    }

    // Lines have no names of columns: those of the partition must begin as those of the table do.
    private List<NestedField> ColumnsOf(string name, IReadOnlyList<StoredColumn> columns)
    {
        var own = layout.FileColumns.Take(columns.Count).ToList();
        bool isSame = columns.Count <= layout.FileColumns.Count
            && columns.Select((c, i) => c.Name.Equals(own[i].Name, StringComparison.OrdinalIgnoreCase) && c.Type.Equals(layout.StoredColumns[i].Type, StringComparison.OrdinalIgnoreCase)).All(same => same);
        return isSame ? own : throw TarnException.Unsupported($"{name} has other columns than the table ({string.Join(", ", columns.Select(c => $"{c.Name} {c.Type}"))}), and its files do not name theirs. Write the partition again.");
    }

    private void RequireTextTypes(string name, ForeignFormat format)
    {
        foreach (var (field, type) in layout.FileColumns.Zip(layout.ColumnTypes))
        {
            if (type.Contains("binary") || type.Contains("timestamp with local time zone"))
                throw TarnException.Unsupported($"{name} has column '{field.Name}' of type {field.Type}, which this version of Tarn does not read out of {format} files.");
        }
    }

    private ScanFile Open(ForeignPartition partition, LineForm? form, ObjectStat file, string path)
    {
        LeasedPaths.Require(services.Options, trust, path, scan.Table.Handle.Identifier);
        planned.AddFile(file.Location, path);
        var data = new DataFile { FilePath = file.Location, Format = FileFormat.Parquet, Partition = partition.Values, RecordCount = 0, FileSizeInBytes = file.SizeBytes };
        if (form is not null)
        {
            LineFile.RequireReadable(file.Location);
            return new ScanFile(data, layout.Spec, path, null) { Lines = form, EstimatedRows = file.SizeBytes / UsualLineBytes };
        }

        // These files may be written again under their names, so what is known of one is known of this state of it.
        string state = string.Create(CultureInfo.InvariantCulture, $"{file.Location}\0{file.SizeBytes}\0{file.LastModified.UtcTicks}");
        var footer = services.Footers.Get(state, path);
        var (shownPath, shown) = services.Shadows.Open(state, path, footer);
        var (mapping, unreadable) = new ColumnsByName(file.Location).Map(layout.FileColumns, shown);
        return new ScanFile(data with { RecordCount = footer.RowCount }, layout.Spec, shownPath, shown) { Mapping = mapping, Unreadable = unreadable };
    }

    private string Register(IRelation relation)
    {
        var lease = services.Relations.Add(relation);
        planned.Own(lease);
        return lease.Sql;
    }
}
