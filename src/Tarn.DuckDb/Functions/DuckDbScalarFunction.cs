using Tarn.DuckDb.Types;
using Tarn.DuckDb.Writing;

namespace Tarn.DuckDb.Functions;

/// <summary>
/// A function over rows written in C#, called once for each chunk of at most 2,048 rows, from several threads at once. An exception
/// becomes the error of the statement.
/// </summary>
public sealed class DuckDbScalarFunction
{
    /// <summary>The name under which SQL calls it. Several functions of one name are told apart by their parameters.</summary>
    public required string Name { get; init; }

    /// <summary>The types of the arguments; <see cref="DuckDbTypeId.Any"/> takes every type.</summary>
    public required IReadOnlyList<DuckDbType> Parameters { get; init; }

    /// <summary>The type of further arguments in any number; null (default) for none.</summary>
    public DuckDbType? VariadicParameter { get; init; }

    /// <summary>The type of the result.</summary>
    public required DuckDbType ReturnType { get; init; }

    /// <summary>
    /// Computes all rows of a chunk: reads the arguments and writes each row of the result. Both are valid during the call only.
    /// </summary>
    public required Action<DuckDbChunk, DuckDbVectorWriter> Body { get; init; }

    /// <summary>
    /// False (default): a row with a null argument gives NULL whatever the body writes. True: the body decides.
    /// </summary>
    public bool HandlesNulls { get; init; }

    /// <summary>True when equal arguments may give different results, so that calls are not folded; default false.</summary>
    public bool IsVolatile { get; init; }
}
