using Tarn.Catalog.Hive.Protocol;
using Tarn.Catalog.Hive.Thrift;
using Tarn.Core.Errors;
using static Tarn.Catalog.Hive.Protocol.HiveExceptionKind;

namespace Tarn.Catalog.Hive.Calls;

/// <summary>Lists of tables by pattern, kind and filter.</summary>
internal static class ListingCalls
{
    /// <summary>The calls.</summary>
    public static IEnumerable<HiveMethod> Methods =>
    [
        new("get_all_tables", call => NamesAsync(call, null, null), Meta),
        new("get_tables", call => NamesAsync(call, call.Arguments.Text(2), null), Meta),
        new("get_tables_by_type", call => NamesAsync(call, call.Arguments.Text(2), call.Arguments.Text(3)), Meta),
        new("get_materialized_views_for_rewriting", static _ => new ValueTask<ThriftValue?>(ThriftList.Of(Array.Empty<string>())), Meta),
        new("get_table_meta", MetaAsync, Meta),
        new("get_table_names_by_filter", ByFilterAsync, Meta, InvalidOperation, UnknownDatabase),
    ];

    private static async ValueTask<ThriftValue?> NamesAsync(HiveCall call, string? pattern, string? type)
    {
        var all = await TableListing.ListAsync(call.Catalog, HiveNames.Database(call.Arguments.Text(1)), call.Cancellation).ConfigureAwait(false);
        return ThriftList.Of(all.Where(t => HiveNames.Fits(t.Name.Name, pattern) && (type is not { Length: > 0 } || t.TableType == type)).Select(t => t.Name.Name));
    }

    private static async ValueTask<ThriftValue?> MetaAsync(HiveCall call)
    {
        string databases = HiveNames.Database(call.Arguments.Text(1));
        var types = call.Arguments.Texts(3);
        var found = new List<ThriftStruct>();
        foreach (string database in (await HiveDatabases.ListAsync(call.Catalog, call.Cancellation).ConfigureAwait(false)).Where(d => HiveNames.Fits(d, databases)))
        {
            found.AddRange((await VisibleAsync(call, database).ConfigureAwait(false))
                .Where(t => HiveNames.Fits(t.Name.Name, call.Arguments.Text(2)) && (types.Count == 0 || types.Contains(t.TableType, StringComparer.Ordinal)))
                .Select(t => new ThriftStruct().With(1, database).With(2, t.Name.Name).With(3, t.TableType).With(4, t.Comment)));
        }

        return ThriftList.Of(found);
    }

    // Over several databases, those whose tables may not be listed are left out.
    private static async ValueTask<IReadOnlyList<ListedTable>> VisibleAsync(HiveCall call, string database)
    {
        try
        {
            return await TableListing.ListAsync(call.Catalog, database, call.Cancellation).ConfigureAwait(false);
        }
        catch (TarnException error) when (error.Kind == ErrorKind.PermissionDenied)
        {
            return [];
        }
    }

    private static async ValueTask<ThriftValue?> ByFilterAsync(HiveCall call)
    {
        var filter = TableFilter.Parse(call.Arguments.Text(2) ?? "");
        int limit = call.Arguments.Int(3, -1);
        var names = new List<string>();
        foreach (var listed in await TableListing.ListAsync(call.Catalog, HiveNames.Database(call.Arguments.Text(1)), call.Cancellation).ConfigureAwait(false))
        {
            if (limit >= 0 && names.Count >= limit)
                break;
            if (filter.TryDecide(listed) ?? await FitsAsync(call, filter, listed).ConfigureAwait(false))
                names.Add(listed.Name.Name);
        }

        return ThriftList.Of(names);
    }

    private static async ValueTask<bool> FitsAsync(HiveCall call, TableFilter filter, ListedTable listed) =>
        await HiveEntry.FindAsync(call.Catalog, listed.Name.Namespace.Levels[0], listed.Name.Name, call.Cancellation).ConfigureAwait(false) is { } entry && filter.Fits(entry.ToTable());
}
