using Tarn.Engine.Sql.Literals;
using Tarn.Engine.Sql.Types;
using Tarn.Iceberg.Governance;

namespace Tarn.Engine.Sql.Statements;

/// <summary>A column of CREATE TABLE.</summary>
/// <param name="Name">The name as written, without quotes.</param>
/// <param name="Type">Its type.</param>
/// <param name="NotNull">Whether it must have a value.</param>
/// <param name="Comment">Its documentation; null when there is none.</param>
/// <param name="Default">Its default value; null when there is none.</param>
/// <param name="Source">Where it is written, for errors.</param>
public sealed record ColumnDefinition(string Name, SqlType Type, bool NotNull, string? Comment, SqlLiteral? Default, SqlText Source)
{
    /// <summary>Its tags.</summary>
    public IReadOnlyList<Tag> Tags { get; init; } = [];
}
