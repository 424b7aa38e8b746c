namespace Tarn.DuckDb.Types;

/// <summary>A value of a UNION: which member it is, and the member's value.</summary>
public readonly record struct DuckDbUnion(string Tag, object? Value);
