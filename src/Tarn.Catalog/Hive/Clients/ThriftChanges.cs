using Tarn.Catalog.Hive.Thrift;

namespace Tarn.Catalog.Hive.Clients;

/// <summary>Structs of a metastore with a field changed; what this client does not know of the others stays as it was sent.</summary>
internal static class ThriftChanges
{
    /// <summary>The struct with another value in a field.</summary>
    public static ThriftStruct Changed(this ThriftStruct present, short id, ThriftValue value)
    {
        var next = new ThriftStruct();
        foreach (var field in present.Fields.Where(f => f.Key != id))
            next.With(field.Key, field.Value);
        return next.With(id, value);
    }
}
