using Tarn.DuckDb.Functions;
using Tarn.DuckDb.Types;
using Tarn.DuckDb.Writing;

namespace Tarn.DuckDb;

public sealed unsafe partial class DuckDbConnection
{
    /// <summary>Makes a function of C# callable by SQL, in every connection of the instance, until the instance is closed.</summary>
    /// <exception cref="DuckDbException">DuckDB refuses it.</exception>
    public void RegisterScalarFunction(DuckDbScalarFunction function) =>
        new ScalarFunctionCallbacks(function, Database.CallbackFailures).Register(this);

    /// <inheritdoc cref="RegisterScalarFunction(DuckDbScalarFunction)"/>
    public void RegisterScalarFunction(
        string name, IReadOnlyList<DuckDbType> parameters, DuckDbType returnType, Action<DuckDbChunk, DuckDbVectorWriter> body) =>
        RegisterScalarFunction(new DuckDbScalarFunction { Name = name, Parameters = parameters, ReturnType = returnType, Body = body });

    /// <summary>Makes a table function of C# callable by SQL, in every connection of the instance, until the instance is closed.</summary>
    /// <exception cref="DuckDbException">DuckDB refuses it.</exception>
    public void RegisterTableFunction(DuckDbTableFunction function) =>
        new TableFunctionCallbacks(function, Database.CallbackFailures).Register(this);
}
