using System.Collections.Concurrent;
using System.Globalization;
using Tarn.Core.Errors;
using Tarn.DuckDb.Functions;
using Tarn.DuckDb.Types;
using Tarn.DuckDb.Writing;

namespace Tarn.Engine.Functions;

/// <summary>
/// Relations made in C# that SQL reads as <c>__tarn_relation(key)</c>: the rows of metadata tables and of Avro files, and relations without rows that stand for
/// a table while a query is planned (such a relation has no statistics, so the optimizer leaves every filter in sight).
/// </summary>
internal sealed class RelationRegistry
{
    /// <summary>Name of the table function.</summary>
    public const string FunctionName = "__tarn_relation";

    /// <summary>How many relations of a query can have a function name of their own, by which every place that reads them is known in a plan.</summary>
    public const int MaxNamed = 32;

    private readonly ConcurrentDictionary<long, IRelation> relations = new();
    private long lastKey;

    /// <summary>The table function, by all its names.</summary>
    public IEnumerable<DuckDbTableFunction> Functions => Enumerable.Range(0, MaxNamed).Select(NameOf).Append(FunctionName).Select(name => new DuckDbTableFunction
    {
        Name = name,
        Parameters = [DuckDbType.Of(DuckDbTypeId.BigInt)],
        Bind = Bind,
    });

    /// <summary>The name of its own for a relation of a query; the common one from <see cref="MaxNamed"/> on.</summary>
    public static string NameOf(int ordinal) => ordinal < MaxNamed ? string.Create(CultureInfo.InvariantCulture, $"{FunctionName}_{ordinal}") : FunctionName;

    /// <summary>Adds a relation until the result is disposed.</summary>
    public RelationLease Add(IReadOnlyList<(string Name, DuckDbType Type)> columns, IReadOnlyList<object?[]> rows, long? estimatedRows = null, string function = FunctionName) =>
        Add(new Relation(columns, rows, estimatedRows ?? rows.Count), function);

    /// <summary>Adds a relation that makes its rows itself, until the result is disposed.</summary>
    public RelationLease Add(IRelation relation, string function = FunctionName)
    {
        long key = Interlocked.Increment(ref lastKey);
        relations[key] = relation;
        return new RelationLease($"{function}({key})", () => relations.TryRemove(key, out _));
    }

    private IDuckDbTableSource Bind(DuckDbTableBinding binding)
    {
        if (binding.Argument(0) is not long key || !relations.TryGetValue(key, out var relation))
            throw TarnException.Invalid($"{FunctionName} is for Tarn's own use.");
        foreach (var (name, type) in relation.Columns)
            binding.AddColumn(name, type);
        binding.SetCardinality(relation.EstimatedRows, isExact: false);
        return relation;
    }

    private sealed class Relation(IReadOnlyList<(string Name, DuckDbType Type)> columns, IReadOnlyList<object?[]> rows, long estimatedRows) : IRelation
    {
        public IReadOnlyList<(string Name, DuckDbType Type)> Columns => columns;

        public long EstimatedRows => estimatedRows;

        public IDuckDbTableScan Scan(IReadOnlyList<int> wanted) => new RowScan(rows, wanted);
    }

    private sealed class RowScan(IReadOnlyList<object?[]> rows, IReadOnlyList<int> wanted) : IDuckDbTableScan, IDuckDbTableReader
    {
        private int next;

        public int MaxThreads => 1;

        public IDuckDbTableReader OpenReader() => this;

        public int Read(DuckDbChunkWriter output)
        {
            int count = Math.Min(rows.Count - next, DuckDbChunkWriter.MaxRows);
            for (int row = 0; row < count; row++, next++)
            {
                for (int i = 0; i < wanted.Count; i++)
                {
                    if (wanted[i] >= 0)
                        output[i].SetValue(row, rows[next][wanted[i]]);
                }
            }

            return count;
        }
    }
}

/// <summary>A relation made in C#.</summary>
internal interface IRelation : IDuckDbTableSource
{
    /// <summary>Its columns.</summary>
    IReadOnlyList<(string Name, DuckDbType Type)> Columns { get; }

    /// <summary>How many rows it has, roughly.</summary>
    long EstimatedRows { get; }
}

/// <summary>A relation that SQL may read until this is disposed.</summary>
/// <param name="Sql">The call that reads it.</param>
/// <param name="Release">Forgets it.</param>
internal sealed record RelationLease(string Sql, Action Release) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Release();
}
