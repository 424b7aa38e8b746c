using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Inspection;

/// <summary>A table about a catalog, in the schema <c>system</c>: its rows are made when they are asked for.</summary>
/// <param name="Name">Its name, e.g. <c>catalog_history</c>.</param>
/// <param name="Schema">Its columns.</param>
/// <param name="ReadAsync">Its rows: values in the order of the columns, held as <see cref="LiteralValue"/> says.</param>
public sealed record SystemTable(string Name, Schema Schema, Func<CancellationToken, IAsyncEnumerable<object?[]>> ReadAsync);
