using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Tarn.Catalog.Hive.Conversion;
using Tarn.Catalog.Hive.Protocol;
using Tarn.Catalog.Hive.Thrift;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Transfer;

namespace Tarn.Catalog.Hive.Clients;

/// <summary>The Iceberg tables and views of a Hive Metastore. Its other tables are named as such. Only reads.</summary>
/// <param name="address">Where it is.</param>
/// <param name="time">The clock; null for the system's.</param>
public sealed class HiveSource(HiveMetastoreAddress address, TimeProvider? time = null) : IRegistrationSource
{
    private const short Answer = 0;

    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <inheritdoc/>
    /// <exception cref="TarnException">Unavailable, Unauthenticated, or NotFound when there is no such database.</exception>
    public async IAsyncEnumerable<RegisteredName> ReadAsync(Namespace below, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (below.Levels.Count > 1)
            throw TarnException.Invalid($"'{below}' has {below.Levels.Count} levels; databases of a metastore have one.");
        await using var client = await HiveClient.ConnectAsync(address, _time, cancellationToken).ConfigureAwait(false);
        var databases = (await CallAsync(client, "get_all_databases", new ThriftStruct(), "list databases", cancellationToken).ConfigureAwait(false)).Texts(Answer);
        if (!below.IsRoot && !databases.Contains(below.Levels[0]))
            throw TarnException.NotFound($"The metastore at {address} has no database '{below}'.");
        foreach (string database in databases.Where(d => below.IsRoot || d == below.Levels[0]).Order(StringComparer.Ordinal))
        {
            var tables = await CallAsync(client, "get_all_tables", new ThriftStruct().With(1, database), $"list the tables of '{database}'", cancellationToken).ConfigureAwait(false);
            foreach (string table in tables.Texts(Answer).Order(StringComparer.Ordinal))
                yield return await FindAsync(client, TableIdentifier.Of(database, table), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ImmutableSortedDictionary<string, string>> PropertiesAsync(Namespace @namespace, CancellationToken cancellationToken = default)
    {
        await using var client = await HiveClient.ConnectAsync(address, _time, cancellationToken).ConfigureAwait(false);
        var answer = await CallAsync(client, "get_database", new ThriftStruct().With(1, @namespace.Levels[0]), $"show database '{@namespace}'", cancellationToken).ConfigureAwait(false);
        return HiveDatabase.Read(answer.Struct(Answer) ?? new ThriftStruct()).Parameters.ToImmutableSortedDictionary(StringComparer.Ordinal);
    }

    private async ValueTask<RegisteredName> FindAsync(HiveClient client, TableIdentifier name, CancellationToken cancellationToken)
    {
        try
        {
            var arguments = new ThriftStruct().With(1, name.Namespace.Levels[0]).With(2, name.Name);
            var answer = await CallAsync(client, "get_table", arguments, $"show table '{name}'", cancellationToken).ConfigureAwait(false);
            return Of(name, HiveTable.Read(answer.Struct(Answer)!).Parameters);
        }
        catch (TarnException error) when (error.Kind == ErrorKind.NotFound)
        {
            return new RegisteredName(name, false, "") { Problem = error.Message };
        }
    }

    private static RegisteredName Of(TableIdentifier name, IReadOnlyDictionary<string, string> parameters)
    {
        // Clients write the kind in either case of letters.
        string kind = (parameters.GetValueOrDefault(IcebergParameters.TableType) ?? "").ToUpperInvariant();
        if (kind is not (IcebergParameters.Iceberg or IcebergParameters.IcebergView))
            return new RegisteredName(name, false, "") { IsForeign = true };
        bool isView = kind == IcebergParameters.IcebergView;
        return parameters.GetValueOrDefault(IcebergParameters.MetadataLocation) is { Length: > 0 } location
            ? new RegisteredName(name, isView, location)
            : new RegisteredName(name, isView, "") { Problem = $"The metastore does not say where its metadata is: it has no parameter '{IcebergParameters.MetadataLocation}'." };
    }

    // Fields beside the answer are the exceptions that the call declares: MetaException first, then those of what is missing.
    private async ValueTask<ThriftStruct> CallAsync(HiveClient client, string method, ThriftStruct arguments, string what, CancellationToken cancellationToken)
    {
        var answer = await client.CallAsync(method, arguments, cancellationToken).ConfigureAwait(false);
        if (answer.Has(Answer))
            return answer;
        string reason = answer.Fields.Select(f => f.Value.Struct?.Text(1)).FirstOrDefault(text => text is not null) ?? "it gives no reason";
        throw TarnException.NotFound($"The metastore at {address} did not {what}: {reason.TrimEnd('.')}.");
    }
}
