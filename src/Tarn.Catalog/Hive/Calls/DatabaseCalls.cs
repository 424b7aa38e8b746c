using Tarn.Catalog.Hive.Protocol;
using Tarn.Catalog.Hive.Thrift;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using static Tarn.Catalog.Hive.Protocol.HiveExceptionKind;

namespace Tarn.Catalog.Hive.Calls;

/// <summary>Databases: to list, get, create, alter and drop them.</summary>
/// <param name="databases">Databases.</param>
internal sealed class DatabaseCalls(HiveDatabases databases)
{
    /// <summary>The calls.</summary>
    public IEnumerable<HiveMethod> Methods =>
    [
        new("get_all_databases", call => ListAsync(call, null), Meta),
        new("get_databases", call => ListAsync(call, HiveNames.Database(call.Arguments.Text(1))), Meta),
        new("get_database", call => GetAsync(call, call.Arguments.Text(1)), NoSuchObject, Meta),
        new("get_database_req", call => GetAsync(call, call.Request.Text(1)), NoSuchObject, Meta),
        new("create_database", CreateAsync, AlreadyExists, InvalidObject, Meta),
        new("alter_database", AlterAsync, Meta, NoSuchObject),
        new("drop_database", call => DropAsync(call, call.Arguments.Text(1), call.Arguments.Bool(3), ignoresUnknown: false), NoSuchObject, InvalidOperation, Meta),
        new("drop_database_req", call => DropAsync(call, call.Request.Text(1), call.Request.Bool(5), call.Request.Bool(3)), NoSuchObject, InvalidOperation, Meta),
    ];

    private static async ValueTask<ThriftValue?> ListAsync(HiveCall call, string? pattern)
    {
        var names = await HiveDatabases.ListAsync(call.Catalog, call.Cancellation).ConfigureAwait(false);
        return ThriftList.Of(names.Where(n => HiveNames.Fits(n, pattern)));
    }

    private async ValueTask<ThriftValue?> GetAsync(HiveCall call, string? sent) => (await RequireAsync(call, HiveNames.Database(sent)).ConfigureAwait(false)).ToThrift();

    private async ValueTask<ThriftValue?> CreateAsync(HiveCall call)
    {
        var wanted = HiveDatabase.Read(call.Request);
        string name = HiveNames.Database(wanted.Name).ToLowerInvariant();
        if (!HiveNames.IsValid(name))
            throw new HiveFault(InvalidObject, $"{wanted.Name} is not a valid database name");
        try
        {
            await call.Catalog.CreateNamespaceAsync(Namespace.Of(name), HiveDatabases.ToProperties(wanted), call.Cancellation).ConfigureAwait(false);
        }
        catch (TarnException error) when (error.Kind == ErrorKind.AlreadyExists)
        {
            throw new HiveFault(AlreadyExists, $"Database {name} already exists");
        }

        return null;
    }

    private async ValueTask<ThriftValue?> AlterAsync(HiveCall call)
    {
        var present = await RequireAsync(call, HiveNames.Database(call.Arguments.Text(1))).ConfigureAwait(false);
        var next = HiveDatabases.ToProperties(HiveDatabases.Changed(present, HiveDatabase.Read(call.Arguments.Struct(2) ?? new ThriftStruct())));
        var removed = HiveDatabases.ToProperties(present).Keys.Where(k => !next.ContainsKey(k)).ToList();
        await call.Catalog.UpdateNamespaceAsync(Namespace.Of(present.Name), next, removed, call.Cancellation).ConfigureAwait(false);
        return null;
    }

    // Files are never deleted here: a client that resends a call whose answer it lost would delete those of somebody else.
    private async ValueTask<ThriftValue?> DropAsync(HiveCall call, string? sent, bool cascades, bool ignoresUnknown)
    {
        string name = HiveNames.Database(sent);
        if (await databases.FindAsync(call.Catalog, name, call.Cancellation).ConfigureAwait(false) is not { } database)
            return ignoresUnknown ? null : throw HiveFault.NoDatabase(name);
        if (database.Name == HiveNames.DefaultDatabase)
            throw new HiveFault(Meta, "Can not drop default database");
        var @namespace = Namespace.Of(database.Name);
        if (cascades)
        {
            await call.Catalog.DropNamespaceWithContentAsync(@namespace, RequireNothingHidden, call.Cancellation).ConfigureAwait(false);
            return null;
        }

        try
        {
            await call.Catalog.DropNamespaceAsync(@namespace, call.Cancellation).ConfigureAwait(false);
        }
        catch (TarnException error) when (error.Kind == ErrorKind.InvalidRequest)
        {
            throw new HiveFault(InvalidOperation, $"Database {database.Name} is not empty. One or more tables exist.");
        }

        return null;
    }

    // A client drops what it sees, and namespaces inside of others it does not.
    private static ValueTask RequireNothingHidden(IReadOnlyList<NamespaceContent> all) => all.Count == 1
        ? ValueTask.CompletedTask
        : throw new HiveFault(InvalidOperation, $"Database {all[^1].Namespace} is not empty: it holds namespace {all[^2].Namespace}, which this protocol does not show. Drop that first by another one; nothing was dropped.");

    private async ValueTask<HiveDatabase> RequireAsync(HiveCall call, string name) =>
        await databases.FindAsync(call.Catalog, name, call.Cancellation).ConfigureAwait(false) ?? throw HiveFault.NoDatabase(name);
}
