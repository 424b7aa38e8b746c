using Tarn.DuckDb.Types;

namespace Tarn.DuckDb;

/// <summary>A column of a result or of a prepared statement.</summary>
/// <param name="Name">Its name; names need not be unique.</param>
/// <param name="Type">Its logical type.</param>
public sealed record DuckDbColumn(string Name, DuckDbType Type);
