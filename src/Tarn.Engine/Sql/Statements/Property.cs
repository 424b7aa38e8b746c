using Tarn.Engine.Sql.Literals;

namespace Tarn.Engine.Sql.Statements;

/// <summary>A property of a schema, table or view as a statement gives it.</summary>
/// <param name="Name">The name, dots included, without quotes; case is kept.</param>
/// <param name="Value">The value; <see cref="NullLiteral"/> stands for DEFAULT and removes the property.</param>
/// <param name="Source">Where it is written, for errors.</param>
public sealed record Property(string Name, SqlLiteral Value, SqlText Source)
{
    /// <summary>Whether it stands in <c>TBLPROPERTIES</c> or <c>extra_properties</c>, where users put properties of their own beside those that have a meaning.</summary>
    public bool IsOwn { get; init; }

    /// <summary>Whether it stands in <c>extra_properties</c>, where names mean what their users want, also those that look like misspelled ones.</summary>
    public bool IsExtra { get; init; }

    /// <summary>Whether this is the named property of the statement, ignoring case; what stands in <c>extra_properties</c> is none.</summary>
    public bool Is(string name) => !IsExtra && Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}
