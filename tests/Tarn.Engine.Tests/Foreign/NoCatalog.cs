using System.Reflection;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Engine.Tests.Foreign;

/// <summary>A catalog that is never asked: tables are opened by path.</summary>
public class NoCatalog : DispatchProxy
{
    public static ICatalog Create() => Create<ICatalog, NoCatalog>();

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod?.Name == "get_Name" ? "iceberg" : throw new InvalidOperationException($"{targetMethod?.Name} of a catalog that has nothing");
}
