using System.Collections.Immutable;
using Tarn.Catalog.Hive.Calls;
using Tarn.Catalog.Hive.Protocol;
using Tarn.Catalog.Hive.Thrift;
using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Catalogs;

namespace Tarn.Catalog.Hive.Clients;

/// <summary>
/// An external Hive Metastore as a catalog: Tarn writes metadata files and moves the pointer in the metastore, as Iceberg's HiveCatalog does. Namespaces are
/// databases, of one level; names are lower case. Tables of other formats are seen and not written. Safe for any number of threads.
/// </summary>
/// <remarks>
/// Beyond <see cref="ICatalog"/>: Unavailable when the metastore cannot be reached, Unauthenticated as it says, Unsupported for what it has no means for (commits of
/// several tables at once, nested namespaces), and <see cref="CommitStateUnknownException"/> after a change whose outcome could not be found out.
/// </remarks>
public sealed partial class HiveCatalog : ICatalog, IDisposable
{
    private readonly HiveCatalogOptions _options;
    private readonly IObjectStore _store;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly HiveSession _session;
    private readonly MetadataFiles _files;

    /// <summary>A client; connects when it is used.</summary>
    /// <param name="options">Which metastore.</param>
    /// <param name="store">Where metadata files are.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <param name="random">Spreads waits; null for the shared one.</param>
    public HiveCatalog(HiveCatalogOptions options, IObjectStore store, TimeProvider? time = null, Random? random = null)
    {
        (_options, _store, _time, _random) = (options, store, time ?? TimeProvider.System, random ?? Random.Shared);
        _session = new HiveSession(options.Address, _time);
        _files = new MetadataFiles(store);
    }

    /// <inheritdoc/>
    public string Name => _options.Name;

    /// <inheritdoc/>
    public async ValueTask<Page<Namespace>> ListNamespacesAsync(Namespace parent, PageRequest page = default, CancellationToken cancellationToken = default)
    {
        if (!parent.IsRoot)
        {
            // As the list has it: a metastore may not find a database under the name that it lists.
            if (parent.Levels.Count > 1 || !(await DatabasesAsync(cancellationToken).ConfigureAwait(false)).Contains(parent.Levels[0]))
                throw Missing(parent);
            return new Page<Namespace>([]);
        }

        return Paging.Of((await DatabasesAsync(cancellationToken).ConfigureAwait(false)).Order(StringComparer.Ordinal).Select(d => Namespace.Of(d)), page, n => n.Levels[0]);
    }

    /// <inheritdoc/>
    public async ValueTask CreateNamespaceAsync(Namespace @namespace, ImmutableSortedDictionary<string, string> properties, CancellationToken cancellationToken = default)
    {
        CatalogNames.Require(@namespace);
        RequireName(@namespace);
        var database = ToDatabase(@namespace.Levels[0], properties);
        if (database.LocationUri is null && _options.WarehouseLocation is { } warehouse)
            database = database with { LocationUri = $"{warehouse.TrimEnd('/')}/{database.Name}.db" };
        await ChangeAsync(HiveRequest.CreateDatabase, new ThriftStruct().With(1, database.ToThrift()), $"create namespace '{@namespace}'", cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<ImmutableSortedDictionary<string, string>?> LoadNamespaceAsync(Namespace @namespace, CancellationToken cancellationToken = default) =>
        await FindDatabaseAsync(@namespace, cancellationToken).ConfigureAwait(false) is { } database ? HiveDatabases.ToProperties(database) : null;

    /// <summary>Sets and removes properties. The protocol replaces them all without comparing: of two who change them at the same moment, the later one wins.</summary>
    /// <param name="namespace">The namespace.</param>
    /// <param name="updates">What is set.</param>
    /// <param name="removals">What is removed.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async ValueTask UpdateNamespaceAsync(Namespace @namespace, IReadOnlyDictionary<string, string> updates, IReadOnlyCollection<string> removals, CancellationToken cancellationToken = default)
    {
        if (removals.FirstOrDefault(updates.ContainsKey) is { } both)
            throw TarnException.Invalid($"Property '{both}' of namespace '{@namespace}' is to be set and removed; do one of both.");
        var present = await RequireDatabaseAsync(@namespace, cancellationToken).ConfigureAwait(false);
        var next = ToDatabase(present.Name, HiveDatabases.ToProperties(present).RemoveRange(removals).SetItems(updates));
        await ChangeAsync(HiveRequest.AlterDatabase, new ThriftStruct().With(1, present.Name).With(2, next.ToThrift()), $"change namespace '{@namespace}'", cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DropNamespaceAsync(Namespace @namespace, CancellationToken cancellationToken = default)
    {
        var database = await RequireDatabaseAsync(@namespace, cancellationToken).ConfigureAwait(false);
        var arguments = new ThriftStruct().With(1, database.Name).With(2, false).With(3, false);
        await ChangeAsync(HiveRequest.DropDatabase, arguments, $"drop namespace '{@namespace}'", cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    private static HiveDatabase ToDatabase(string name, ImmutableSortedDictionary<string, string> properties) => HiveDatabases.Read(name, properties);

    private async ValueTask<HiveDatabase> RequireDatabaseAsync(Namespace name, CancellationToken cancellationToken) =>
        await FindDatabaseAsync(name, cancellationToken).ConfigureAwait(false)
        ?? throw Missing(name);

    private MissingNamespaceException Missing(Namespace name) =>
        new(name, $"Namespace '{name}' does not exist in the metastore at {_options.Address}; check its spelling (most metastores turn names into lower case).");

    private async ValueTask<IReadOnlyList<string>> DatabasesAsync(CancellationToken cancellationToken) =>
        (await AskAsync(HiveRequest.GetAllDatabases, new ThriftStruct(), cancellationToken).ConfigureAwait(false)).Texts(0);

    private async ValueTask<HiveDatabase?> FindDatabaseAsync(Namespace name, CancellationToken cancellationToken)
    {
        if (name.Levels.Count != 1)
            return null;
        try
        {
            var answer = await _session.AskAsync(HiveRequest.GetDatabase, new ThriftStruct().With(1, name.Levels[0]), cancellationToken).ConfigureAwait(false);
            // What is asked for in another case is not there under that name.
            return answer.Struct(0) is { } found && HiveDatabase.Read(found) is { } database && database.Name == name.Levels[0] ? database : null;
        }
        catch (HiveFault fault) when (fault.Kind == HiveExceptionKind.NoSuchObject)
        {
            return null;
        }
        catch (HiveFault fault)
        {
            throw Told(fault, $"show namespace '{name}'");
        }
    }

    private async ValueTask<ThriftStruct> AskAsync(HiveRequest request, ThriftStruct arguments, CancellationToken cancellationToken)
    {
        try
        {
            return await _session.AskAsync(request, arguments, cancellationToken).ConfigureAwait(false);
        }
        catch (HiveFault fault)
        {
            throw Told(fault, $"answer {request.Method}");
        }
    }

    // A change that is not a commit: after a lost answer it is for the caller to look.
    private async ValueTask ChangeAsync(HiveRequest request, ThriftStruct arguments, string purpose, CancellationToken cancellationToken)
    {
        try
        {
            await _session.ChangeAsync(request, arguments, cancellationToken).ConfigureAwait(false);
        }
        catch (HiveFault fault)
        {
            throw Told(fault, purpose);
        }
        catch (LostAnswerException lost)
        {
            throw Unknown(purpose, lost);
        }
    }

    private static CommitStateUnknownException Unknown(string purpose, Exception cause) =>
        new($"{cause.Message} when asked to {purpose}; it may have been done. Do not repeat it blindly; look first, and delete no files.", cause);

    private TarnException Told(HiveFault fault, string purpose) => new(
        fault.Kind switch
        {
            HiveExceptionKind.AlreadyExists => ErrorKind.AlreadyExists,
            HiveExceptionKind.NoSuchObject or HiveExceptionKind.UnknownDatabase or HiveExceptionKind.UnknownTable => ErrorKind.NotFound,
            HiveExceptionKind.InvalidObject or HiveExceptionKind.InvalidOperation or HiveExceptionKind.InvalidInput => ErrorKind.InvalidRequest,
            _ when fault.Message.Contains("not authorized", StringComparison.OrdinalIgnoreCase) => ErrorKind.PermissionDenied,
            _ => ErrorKind.Unavailable,
        },
        $"The metastore at {_options.Address} did not {purpose}: {fault.Message.TrimEnd('.')}.",
        fault) { IsAnswer = true };

    private void RequireName(Namespace name)
    {
        if (name.Levels.Count > 1)
            throw TarnException.Unsupported($"Namespace '{name}' has {name.Levels.Count} levels; the metastore at {_options.Address} has databases, which have one.");
        RequireName(name.Levels[0], "Namespace");
    }

    private void RequireName(TableIdentifier name)
    {
        CatalogNames.Require(name);
        RequireName(name.Namespace);
        RequireName(name.Name, "Name");
    }

    private static void RequireName(string name, string what)
    {
        if (!IsName(name))
            throw TarnException.Invalid($"{what} '{name}' cannot be stored in a Hive Metastore: names there are 1 to 128 lower-case letters, digits and underscores.");
    }

    // A metastore turns names into lower case, so nothing new is called otherwise.
    private static bool IsName(string name) => HiveNames.IsValid(name) && !name.Any(char.IsAsciiLetterUpper);
}
