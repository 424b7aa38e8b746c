namespace Tarn.DuckDb.Types;

/// <summary>A named part of a nested type: a struct field, a union member, or <c>key</c> and <c>value</c> of a map.</summary>
/// <param name="Name">The name as DuckDB spells it; empty for the fields of an unnamed struct (<c>row(…)</c>) and for list elements.</param>
/// <param name="Type">The type of the part.</param>
public sealed record DuckDbField(string Name, DuckDbType Type);
