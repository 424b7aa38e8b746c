using System.Globalization;
using System.Text;
using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.DuckDb;
using Tarn.Engine.Functions;
using Tarn.Engine.Relations;
using Tarn.Iceberg.Deletes;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Deletes;

/// <summary>Reads position delete files ("Position Delete Files"): rows of path and position, of one data file or of many.</summary>
/// <param name="connection">What reads them.</param>
/// <param name="locations">How the paths in them are mapped before they are compared.</param>
/// <param name="register">Makes a relation that reads Avro files known to the engine.</param>
internal sealed class PositionDeleteReader(DuckDbConnection connection, LocationMap locations, Func<IRelation, string> register)
{
    // Mark with the number of the delete file within one reading.
    private const int OrdinalId = -1;

    // "Reserved Field IDs".
    private static readonly NestedField FilePath = new(2147483546, "file_path", true, SimpleType.String);
    private static readonly NestedField Position = new(2147483545, "pos", true, SimpleType.Long);
    private static readonly Schema Columns = new(0, [new NestedField(OrdinalId, "file", true, SimpleType.Int), FilePath, Position]);
    private static readonly string[] Names = ["file", "file_path", "pos"];

    // Files without field ids: the names are those of the specification.
    private static readonly NameMapping ByName = new([new MappedField(FilePath.Id, [FilePath.Name], []), new MappedField(Position.Id, [Position.Name], [])]);

    /// <summary>The positions that each file deletes in each data file that is wanted of it; empty where it deletes none.</summary>
    /// <param name="files">Delete files and the mapped locations of data files.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="TarnException">DataCorrupted: a row without path or with a position below 0.</exception>
    public IReadOnlyDictionary<(string DeleteFile, string DataFile), PositionBitmap> Read(IReadOnlyList<(ScanFile File, IReadOnlyList<string> Wanted)> files, CancellationToken cancellationToken)
    {
        var builders = files.Select(f => f.Wanted.ToDictionary(w => w, _ => new PositionBitmapBuilder(), StringComparer.Ordinal)).ToArray();
        ScanFile[] numbered = [.. files.Select((f, i) => f.File with { Marks = new Dictionary<int, object?> { [OrdinalId] = i } })];
        var groups = FileGroup.Of(new TableFiles(Columns, ByName, numbered) { Register = register });
        using var result = connection.Stream(string.Join(" UNION ALL ", groups.Select(g => g.ToSql(Columns, Names))), cancellationToken);
        foreach (var chunk in result.Chunks(cancellationToken))
            Collect(chunk, numbered, builders);
        return files.Zip(builders).SelectMany(p => p.Second.Select(b => ((p.First.File.File.FilePath, b.Key), b.Value.Build()))).ToDictionary();
    }

    private void Collect(DuckDbChunk chunk, ScanFile[] files, IReadOnlyList<Dictionary<string, PositionBitmapBuilder>> builders)
    {
        var ordinals = chunk[0].Values<int>();
        var (paths, positions) = (chunk[1], chunk[2]);
        PositionBitmapBuilder? builder = null;
        for (int row = 0; row < chunk.RowCount; row++)
        {
            if (!paths.IsValid(row) || !positions.IsValid(row) || positions.Values<long>()[row] < 0)
                throw TarnException.Corrupted(string.Create(CultureInfo.InvariantCulture, $"Position delete file '{files[ordinals[row]].File.FilePath}' is damaged: a row has path {paths.GetString(row) ?? "null"} and position {positions.GetValue(row) ?? "null"}. Restore the file."));
            if (row == 0 || ordinals[row] != ordinals[row - 1] || !paths.Bytes(row).SequenceEqual(paths.Bytes(row - 1)))
                builder = builders[ordinals[row]].GetValueOrDefault(locations.Map(Encoding.UTF8.GetString(paths.Bytes(row))));
            builder?.Add(positions.Values<long>()[row]);
        }
    }
}
