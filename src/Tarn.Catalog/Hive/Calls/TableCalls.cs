using Tarn.Catalog.Hive.Conversion;
using Tarn.Catalog.Hive.Protocol;
using Tarn.Catalog.Hive.Thrift;
using Tarn.Core.Errors;
using Tarn.Core.Tasks;
using Tarn.Iceberg.Catalogs;
using static Tarn.Catalog.Hive.Protocol.HiveExceptionKind;

namespace Tarn.Catalog.Hive.Calls;

/// <summary>Tables and views: to get, create, alter and drop them, in all forms that the calls have had.</summary>
/// <param name="creation">Creates.</param>
/// <param name="changes">Changes of tables.</param>
/// <param name="time">The clock.</param>
internal sealed class TableCalls(TableCreation creation, ContendedChanges changes, TimeProvider time)
{
    /// <summary>Most tables in one call; clients ask for a few hundred at a time.</summary>
    private const int MaxTablesPerCall = 10_000;

    /// <summary>The calls.</summary>
    public IEnumerable<HiveMethod> Methods =>
    [
        new("get_table", call => GetAsync(call, call.Arguments.Text(1), call.Arguments.Text(2)), Meta, NoSuchObject),
        new("get_table_req", GetRequestAsync, Meta, NoSuchObject),
        new("get_table_objects_by_name", ManyAsync),
        new("get_table_objects_by_name_req", ManyRequestAsync, Meta, InvalidOperation, UnknownDatabase),
        new("get_fields", call => ColumnsAsync(call, withKeys: false), Meta, UnknownTable, UnknownDatabase),
        new("get_fields_with_environment_context", call => ColumnsAsync(call, withKeys: false), Meta, UnknownTable, UnknownDatabase),
        new("get_schema", call => ColumnsAsync(call, withKeys: true), Meta, UnknownTable, UnknownDatabase),
        new("get_schema_with_environment_context", call => ColumnsAsync(call, withKeys: true), Meta, UnknownTable, UnknownDatabase),
        new("create_table", call => CreateAsync(call, call.Request), AlreadyExists, InvalidObject, Meta, NoSuchObject),
        new("create_table_with_environment_context", call => CreateAsync(call, call.Request), AlreadyExists, InvalidObject, Meta, NoSuchObject),
        new("create_table_with_constraints", call => CreateAsync(call, call.Request), AlreadyExists, InvalidObject, Meta, NoSuchObject),
        new("create_table_req", call => CreateAsync(call, call.Request.Struct(1) ?? new ThriftStruct()), AlreadyExists, InvalidObject, Meta, NoSuchObject),
        new("alter_table", AlterAsync, InvalidOperation, Meta),
        new("alter_table_with_environment_context", AlterAsync, InvalidOperation, Meta),
        new("alter_table_with_cascade", AlterAsync, InvalidOperation, Meta),
        new("alter_table_req", AlterRequestAsync, InvalidOperation, Meta),
        new("drop_table", DropAsync, NoSuchObject, Meta),
        new("drop_table_with_environment_context", DropAsync, NoSuchObject, Meta),
        new("truncate_table", static _ => throw new HiveFault(Meta, "Tables cannot be truncated here: delete the rows with an engine."), Meta),
    ];

    private static async ValueTask<HiveEntry> RequireAsync(HiveCall call, string? sentDatabase, string? table, HiveExceptionKind kind = NoSuchObject)
    {
        string database = HiveNames.Database(sentDatabase);
        return await HiveEntry.FindAsync(call.Catalog, database, table ?? "", call.Cancellation).ConfigureAwait(false) ?? throw HiveFault.NoTable(database, table ?? "", kind);
    }

    private static async ValueTask<ThriftValue?> GetAsync(HiveCall call, string? database, string? table) =>
        (await RequireAsync(call, database, table).ConfigureAwait(false)).ToTable().ToThrift();

    private static async ValueTask<ThriftValue?> GetRequestAsync(HiveCall call) =>
        new ThriftStruct().With(1, (await RequireAsync(call, call.Request.Text(1), call.Request.Text(2)).ConfigureAwait(false)).ToTable().ToThrift());

    private static async ValueTask<ThriftValue?> ManyAsync(HiveCall call) =>
        ThriftList.Of(await ManyAsync(call, call.Arguments.Text(1), call.Arguments.Texts(2)).ConfigureAwait(false));

    private static async ValueTask<ThriftValue?> ManyRequestAsync(HiveCall call)
    {
        var request = call.Request;
        var names = request.Texts(2);
        if (!request.Has(2))
        {
            var all = await TableListing.ListAsync(call.Catalog, HiveNames.Database(request.Text(1)), call.Cancellation).ConfigureAwait(false);
            names = [.. all.Select(t => t.Name.Name).Where(n => HiveNames.Fits(n, request.Text(8)))];
        }

        return new ThriftStruct().With(1, await ManyAsync(call, request.Text(1), names).ConfigureAwait(false));
    }

    // Names that are not there are left out, as a metastore does, and those that may not be seen as if they were not; when nothing is left, that is told.
    private static async ValueTask<List<ThriftStruct>> ManyAsync(HiveCall call, string? database, IReadOnlyList<string> names)
    {
        if (names.Count > MaxTablesPerCall)
            throw new HiveFault(Meta, $"The call asks for {names.Count} tables; at most {MaxTablesPerCall} are allowed. Ask in several calls.");
        var found = new List<ThriftStruct>();
        TarnException? refusal = null;
        foreach (string name in names)
        {
            try
            {
                if (await HiveEntry.FindAsync(call.Catalog, HiveNames.Database(database), name, call.Cancellation).ConfigureAwait(false) is { } entry)
                    found.Add(entry.ToTable().ToThrift());
            }
            catch (TarnException error) when (error.Kind == ErrorKind.PermissionDenied)
            {
                refusal ??= error;
            }
        }

        return found.Count > 0 || refusal is null ? found : throw refusal;
    }

    private static async ValueTask<ThriftValue?> ColumnsAsync(HiveCall call, bool withKeys)
    {
        var table = (await RequireAsync(call, call.Arguments.Text(1), call.Arguments.Text(2), UnknownTable).ConfigureAwait(false)).ToTable();
        return ThriftList.Of((withKeys ? table.Storage.Columns.Concat(table.PartitionKeys) : table.Storage.Columns).Select(c => c.ToThrift()));
    }

    private async ValueTask<ThriftValue?> CreateAsync(HiveCall call, ThriftStruct table)
    {
        await creation.CreateAsync(call.Catalog, HiveTable.Read(table), call.Cancellation).ConfigureAwait(false);
        return null;
    }

    private async ValueTask<ThriftValue?> AlterAsync(HiveCall call)
    {
        var properties = call.Arguments.Struct(4)?.Map(1);
        await AlterAsync(call, call.Arguments.Text(1), call.Arguments.Text(2), call.Arguments.Struct(3), ExpectedParameter.Of(properties)).ConfigureAwait(false);
        return null;
    }

    private async ValueTask<ThriftValue?> AlterRequestAsync(HiveCall call)
    {
        var request = call.Request;
        var expected = request.Text(10) is { } key ? new ExpectedParameter(key, request.Text(11)) : ExpectedParameter.Of(request.Struct(5)?.Map(1));
        await AlterAsync(call, request.Text(2), request.Text(3), request.Struct(4), expected).ConfigureAwait(false);
        return new ThriftStruct();
    }

    private ValueTask AlterAsync(HiveCall call, string? database, string? table, ThriftStruct? next, ExpectedParameter? expected)
    {
        string from = HiveNames.Database(database);
        var wanted = HiveTable.Read(next ?? new ThriftStruct());
        // A table without names of its own keeps those that it has.
        wanted = wanted with
        {
            DatabaseName = wanted.DatabaseName is { Length: > 0 } sent ? HiveNames.Database(sent) : from,
            TableName = wanted.TableName is { Length: > 0 } name ? name : table ?? "",
        };
        return new TableAlteration(call.Catalog, from, table ?? "", wanted, expected, time.GetUtcNow()).ApplyAsync(changes, call.Cancellation);
    }

    private static async ValueTask<ThriftValue?> DropAsync(HiveCall call)
    {
        var (database, table) = (HiveNames.Database(call.Arguments.Text(1)), call.Arguments.Text(2) ?? "");
        if (await HiveEntry.FindAsync(call.Catalog, database, table, call.Cancellation).ConfigureAwait(false) is { } entry && await DropAsync(call.Catalog, entry, call.Cancellation).ConfigureAwait(false))
            return null;
        throw await IsDatabaseAsync(call, database).ConfigureAwait(false) ? HiveFault.NoTable(database, table) : HiveFault.NoDatabase(database);
    }

    // As what it is: a view takes the right to drop views, and no other.
    private static ValueTask<bool> DropAsync(ICatalog catalog, HiveEntry entry, CancellationToken cancellationToken) => entry switch
    {
        HiveEntry.IcebergView => catalog.DropViewAsync(entry.Name, cancellationToken),
        HiveEntry.Foreign => catalog.DropForeignTableAsync(entry.Name, cancellationToken),
        _ => catalog.DropTableAsync(entry.Name, purge: false, cancellationToken),
    };

    // Who may not list databases is told about the table alone.
    private static async ValueTask<bool> IsDatabaseAsync(HiveCall call, string name)
    {
        try
        {
            return (await HiveDatabases.ListAsync(call.Catalog, call.Cancellation).ConfigureAwait(false)).Contains(name, StringComparer.OrdinalIgnoreCase);
        }
        catch (TarnException error) when (error.Kind == ErrorKind.PermissionDenied)
        {
            return true;
        }
    }
}
