using System.Collections.Frozen;
using Tarn.Catalog.Hive.Protocol;
using Tarn.Catalog.Hive.Thrift;
using static Tarn.Catalog.Hive.Protocol.HiveExceptionKind;

namespace Tarn.Catalog.Hive.Calls;

/// <summary>What a metastore says of itself (fb303), catalogs in Hive's sense, settings, and the user that a client names.</summary>
/// <param name="options">Where databases lie, how long locks live.</param>
/// <param name="started">When the door was put together.</param>
internal sealed class ServiceCalls(HiveOptions options, DateTimeOffset started)
{
    // fb_status.ALIVE
    private const int Alive = 2;

    // What clients may ask for; another key with one of these beginnings has the client's own default.
    private static readonly string[] s_allowed = ["hive", "mapred", "hdfs", "metastore"];

    private readonly FrozenDictionary<string, string> _settings = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["hive.metastore.warehouse.dir"] = options.WarehouseLocation,
        ["metastore.warehouse.dir"] = options.WarehouseLocation,
        ["hive.txn.timeout"] = $"{(long)options.LockTimeout.TotalSeconds}s",
        ["metastore.txn.timeout"] = $"{(long)options.LockTimeout.TotalSeconds}s",
        ["hive.metastore.batch.retrieve.max"] = "300",
        ["metastore.batch.retrieve.max"] = "300",
        ["hive.metastore.disallow.incompatible.col.type.changes"] = "false",
        ["metastore.disallow.incompatible.col.type.changes"] = "false",
        ["hive.metastore.partition.name.whitelist.pattern"] = "",
        ["metastore.partition.name.whitelist.pattern"] = "",
    }.ToFrozenDictionary();

    /// <summary>The calls.</summary>
    public IEnumerable<HiveMethod> Methods =>
    [
        new("getName", static _ => new("new db based metaserver")) { IsOpen = true },
        new("getVersion", static _ => new("3.0")) { IsOpen = true },
        new("getStatus", static _ => new(Alive)) { IsOpen = true },
        new("getStatusDetails", static _ => new("")) { IsOpen = true },
        new("aliveSince", _ => new(started.ToUnixTimeSeconds())) { IsOpen = true },
        new("getCounters", static _ => new(new ThriftMap(ThriftType.String, ThriftType.I64, []))) { IsOpen = true },
        new("getOptions", static _ => new(ThriftMap.Of([]))) { IsOpen = true },
        new("reinitialize", static _ => default) { IsOpen = true, IsOneway = true },
        new("shutdown", static _ => default) { IsOpen = true, IsOneway = true },
        new("get_catalogs", static _ => new(new ThriftStruct().With(1, [HiveNames.Catalog])), Meta) { IsOpen = true },
        new("get_catalog", Catalog, NoSuchObject, Meta) { IsOpen = true },
        new("getMetaConf", call => new(_settings.GetValueOrDefault(call.Arguments.Text(1) ?? "") ?? throw new HiveFault(Meta, $"Invalid configuration key {call.Arguments.Text(1)}")), Meta) { IsOpen = true },
        new("get_config_value", ConfigValue, ConfigValSecurity) { IsOpen = true },
        // Answered with groups; who somebody is, is proved otherwise.
        new("set_ugi", static call => new(ThriftList.Of(call.Arguments.Texts(2) is { Count: > 0 } groups ? groups : [call.Arguments.Text(1) ?? ""])), Meta) { IsOpen = true },
        new("flushCache", static _ => default) { IsOpen = true },
    ];

    private ValueTask<ThriftValue?> Catalog(HiveCall call) => call.Request.Text(1) is null or HiveNames.Catalog
        ? new(new ThriftStruct().With(1, new ThriftStruct().With(1, HiveNames.Catalog).With(2, "Default catalog for Hive").With(3, options.WarehouseLocation)))
        : throw new HiveFault(NoSuchObject, $"No catalog {call.Request.Text(1)}");

    private ValueTask<ThriftValue?> ConfigValue(HiveCall call)
    {
        string key = call.Arguments.Text(1) ?? "";
        if (!s_allowed.Any(a => key.StartsWith(a, StringComparison.Ordinal)))
            throw new HiveFault(ConfigValSecurity, $"For security reasons, the config key {key} cannot be accessed");
        return new(_settings.GetValueOrDefault(key) ?? call.Arguments.Text(2) ?? "");
    }
}
