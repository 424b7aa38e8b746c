using System.Collections.Immutable;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore.Transfer;

/// <summary>Where names and metadata files are taken from.</summary>
public interface IRegistrationSource
{
    /// <summary>Everything in a namespace and below it, or everything for the root.</summary>
    IAsyncEnumerable<RegisteredName> ReadAsync(Namespace below, CancellationToken cancellationToken = default);

    /// <summary>The properties that a namespace has there and can have elsewhere; empty when there are none.</summary>
    ValueTask<ImmutableSortedDictionary<string, string>> PropertiesAsync(Namespace @namespace, CancellationToken cancellationToken = default);
}
