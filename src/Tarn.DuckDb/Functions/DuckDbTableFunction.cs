using System.Collections.Frozen;
using Tarn.DuckDb.Types;
using Tarn.DuckDb.Writing;

namespace Tarn.DuckDb.Functions;

/// <summary>
/// A table-valued function written in C#: <c>SELECT … FROM name(arguments, option := value)</c>. Exceptions in any step become the
/// error of the statement.
/// </summary>
public sealed class DuckDbTableFunction
{
    /// <summary>The name under which SQL calls it.</summary>
    public required string Name { get; init; }

    /// <summary>The types of the positional arguments; <see cref="DuckDbTypeId.Any"/> takes every type.</summary>
    public IReadOnlyList<DuckDbType> Parameters { get; init; } = [];

    /// <summary>The types of the optional arguments that are given by name.</summary>
    public IReadOnlyDictionary<string, DuckDbType> NamedParameters { get; init; } = FrozenDictionary<string, DuckDbType>.Empty;

    /// <summary>
    /// Called when a statement is planned: reads the arguments, declares the columns (at least one), gives the source of the rows.
    /// </summary>
    public required Func<DuckDbTableBinding, IDuckDbTableSource> Bind { get; init; }
}

/// <summary>
/// What a table function gives for one set of arguments. It may be scanned several times, also at once; disposed with the plan when it
/// is <see cref="IDisposable"/>.
/// </summary>
public interface IDuckDbTableSource
{
    /// <summary>Begins a scan.</summary>
    /// <param name="columns">
    /// The columns that the statement needs, as indexes of declared columns, in the order of the chunk to fill (for <c>count(*)</c> the
    /// first one); -1 for a virtual column, whose values need not be written.
    /// </param>
    IDuckDbTableScan Scan(IReadOnlyList<int> columns);
}

/// <summary>One scan of a source; disposed at its end when it is <see cref="IDisposable"/>. Used by several threads.</summary>
public interface IDuckDbTableScan
{
    /// <summary>How many threads may read at once, at least 1.</summary>
    int MaxThreads { get; }

    /// <summary>Called once on each thread that takes part; disposed at the end when it is <see cref="IDisposable"/>.</summary>
    IDuckDbTableReader OpenReader();
}

/// <summary>Produces rows on one thread.</summary>
public interface IDuckDbTableReader
{
    /// <summary>Writes the next rows.</summary>
    /// <returns>The number of rows written, at most <see cref="DuckDbChunkWriter.MaxRows"/>; 0 when there are no more.</returns>
    int Read(DuckDbChunkWriter output);
}
