using Tarn.Catalog.Hive.Thrift;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Catalog.Hive.Calls;

/// <summary>A call with its arguments.</summary>
/// <param name="arguments">The struct of arguments.</param>
/// <param name="catalog">The catalog, in the name of whoever calls; null for calls that are open to everybody.</param>
/// <param name="principal">Who calls, whatever the connection; empty when nobody is known.</param>
/// <param name="cancellation">Cancels when the connection is gone.</param>
internal sealed class HiveCall(ThriftStruct arguments, ICatalog? catalog, string principal, CancellationToken cancellation)
{
    /// <summary>Who calls, whatever the connection; empty when nobody is known.</summary>
    public string Principal => principal;

    /// <summary>The struct of arguments.</summary>
    public ThriftStruct Arguments => arguments;

    /// <summary>The catalog, in the name of whoever calls.</summary>
    public ICatalog Catalog => catalog ?? throw new InvalidOperationException("A call that is open to everybody uses no catalog.");

    /// <summary>Cancels when the connection is gone.</summary>
    public CancellationToken Cancellation => cancellation;

    /// <summary>Argument 1, when it is the one struct of a newer form of a call.</summary>
    public ThriftStruct Request => Arguments.Struct(1) ?? new ThriftStruct();

    /// <summary>Takes back what the call did; set by calls whose effect must not outlive a lost answer.</summary>
    public Action? Undo { get; set; }
}

/// <summary>Answers a call: the value of the result, or null for a call that returns nothing.</summary>
internal delegate ValueTask<ThriftValue?> HiveHandler(HiveCall call);
