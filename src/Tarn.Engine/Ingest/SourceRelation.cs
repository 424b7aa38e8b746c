using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Ingest;

/// <summary>A source file as the engine reads it.</summary>
/// <param name="File">The file.</param>
/// <param name="FromSql">What stands behind FROM.</param>
/// <param name="Columns">Its columns.</param>
/// <param name="Dialect">How delimited text is written; null for other formats.</param>
internal sealed record SourceRelation(SourceFile File, string FromSql, IReadOnlyList<SourceColumn> Columns, CsvDialect? Dialect = null);

/// <summary>A column of a source file.</summary>
/// <param name="Name">Name in the source, and in the table.</param>
/// <param name="Type">Type found out from the data; ids of nested fields only need to differ.</param>
/// <param name="Sql">Expression that reads it from the relation.</param>
/// <param name="IsText">True when the expression is the text of the value, whatever the type.</param>
internal sealed record SourceColumn(string Name, IcebergType Type, string Sql, bool IsText = false);
