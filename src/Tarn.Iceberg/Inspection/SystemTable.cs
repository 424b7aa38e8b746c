using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Inspection;

/// <summary>A table about a catalog, in the schema <c>system</c>: its rows are made when they are asked for.</summary>
/// <param name="Name">Its name, e.g. <c>catalog_history</c>.</param>
/// <param name="Schema">Its columns.</param>
/// <param name="ReadAsync">Its rows: values in the order of the columns, held as <see cref="LiteralValue"/> says.</param>
public sealed record SystemTable(string Name, Schema Schema, Func<CancellationToken, IAsyncEnumerable<object?[]>> ReadAsync)
{
    /// <summary>A schema of columns that may all be null.</summary>
    public static Schema SchemaOf(params IReadOnlyList<(string Name, IcebergType Type)> columns) =>
        new(0, [.. columns.Select((column, i) => new NestedField(i + 1, column.Name, false, column.Type))]);
}

/// <summary>A table function about a catalog, in the schema <c>system</c>: <c>catalog_search('orders')</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Schema">Its columns.</param>
/// <param name="ReadAsync">Its rows for an argument, as those of a <see cref="SystemTable"/>.</param>
public sealed record SystemFunction(string Name, Schema Schema, Func<string, CancellationToken, IAsyncEnumerable<object?[]>> ReadAsync)
{
    /// <summary>The table that a call stands for.</summary>
    public SystemTable Call(string argument) => new(Name, Schema, token => ReadAsync(argument, token));
}
