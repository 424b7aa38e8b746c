using Tarn.Core.Errors;
using Tarn.Engine.Avro;
using Tarn.Engine.Foreign.Lines;
using Tarn.Engine.Functions;
using Tarn.Engine.Types;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Relations;

/// <summary>How the engine reads some files of the same columns.</summary>
internal abstract class FileReading(IReadOnlyList<FileColumn> columns)
{
    /// <summary>Name of the column that is the path of a row's file.</summary>
    public const string Path = "__tarn_file";

    /// <summary>Name of the column that is the position of a row in its file; files of lines have none.</summary>
    public const string Position = "file_row_number";

    /// <summary>The columns of the files.</summary>
    public IReadOnlyList<FileColumn> Columns => columns;

    /// <summary>What stands behind FROM.</summary>
    /// <param name="withPath">With the column <see cref="Path"/>.</param>
    public abstract string From(bool withPath);

    /// <summary>A column of the table that the files have.</summary>
    /// <param name="field">The column.</param>
    /// <param name="index">Its index in <see cref="Columns"/>.</param>
    protected abstract string Column(NestedField field, int index);

    /// <summary>A column of the table, with the value of rows written before there was one where the files lack it.</summary>
    public string Project(NestedField field) => IndexOf(field) is >= 0 and var index ? Column(field, index) : ColumnProjection.Project(field, null, "");

    /// <summary>Position of the column with the id of a field, or -1.</summary>
    protected int IndexOf(NestedField field) => columns.Index().FirstOrDefault(c => c.Item.FieldId == field.Id, (-1, null!)).Index;
}

/// <summary>Parquet files, which the engine reads itself.</summary>
/// <param name="columns">Their columns, or with <paramref name="byName"/> those that are read.</param>
/// <param name="files">The files.</param>
/// <param name="byName">True when their columns differ and the engine finds them by name; see <see cref="NamedColumns"/>.</param>
internal sealed class ParquetReading(IReadOnlyList<FileColumn> columns, IReadOnlyList<ScanFile> files, bool byName = false) : FileReading(columns)
{
    // A column of the file hides the engine's own of this name, and so gets another. Found by name they keep theirs: such files are read without positions.
    private readonly bool isRenamed = !byName && columns.Any(c => c.Name.Equals(Position, StringComparison.OrdinalIgnoreCase));
    private readonly IReadOnlyList<string> names = byName ? ColumnNames.Deduplicate([.. columns.Select(c => c.Name)]) : [.. ColumnNames.Deduplicate([Position, .. columns.Select(c => c.Name)]).Skip(1)];

    public override string From(bool withPath)
    {
        string options = (byName ? ", union_by_name = true" : "") + (withPath ? $", filename = '{Path}'" : "");
        string renamed = isRenamed ? $" AS __tarn_renamed({string.Join(", ", names.Select(EngineSql.Identifier))})" : "";
        return $"read_parquet([{string.Join(", ", files.Select(f => EngineSql.String(EscapeGlob(f.Path))))}], hive_partitioning = false{options}){renamed}";
    }

    protected override string Column(NestedField field, int index) => ColumnProjection.Project(field, Columns[index], EngineSql.Identifier(names[index]));

    // read_parquet expands *, ? and [ in paths; a class of one character stands for itself.
    private static string EscapeGlob(string path) => path.AsSpan().ContainsAny("*?[")
        ? path.Replace("[", "[[]", StringComparison.Ordinal).Replace("*", "[*]", StringComparison.Ordinal).Replace("?", "[?]", StringComparison.Ordinal)
        : path;
}

/// <summary>Avro files, which a relation made in C# reads.</summary>
internal sealed class AvroReading : FileReading
{
    private readonly string sql;
    private readonly List<NestedField> wanted;

    public AvroReading(IReadOnlyList<FileColumn> columns, IReadOnlyList<ScanFile> files, TableFiles table)
        : base(columns)
    {
        wanted = [.. table.Schema.Fields.Where(f => IndexOf(f) >= 0)];
        var register = table.Register ?? throw new TarnException(ErrorKind.Internal, $"Nothing reads Avro file '{files[0].File.FilePath}' here.");
        sql = register(new AvroScan(files, AvroFields.Of(files[0], table.Mapping), wanted));
    }

    public override string From(bool withPath) => sql;

    // A relation made in C# gives the JSON of variants as text.
    protected override string Column(NestedField field, int index) =>
        EngineType.Contains(field.Type, t => t.Id == TypeId.Variant) ? $"{Name(field)}::{EngineType.Of(field.Type)}" : Name(field);

    private string Name(NestedField field) => $"c{wanted.FindIndex(w => ReferenceEquals(w, field))}";
}

/// <summary>Files of lines, which a relation made in C# reads.</summary>
internal sealed class LineReading : FileReading
{
    private readonly string sql;

    public LineReading(IReadOnlyList<FileColumn> columns, IReadOnlyList<ScanFile> files, LineForm form, TableFiles table)
        : base(columns)
    {
        var register = table.Register ?? throw new TarnException(ErrorKind.Internal, $"Nothing reads file '{files[0].File.FilePath}' here.");
        sql = register(new LineScan(files, form));
    }

    public override string From(bool withPath) => sql;

    protected override string Column(NestedField field, int index) => $"c{index}";
}
