using Tarn.Catalog.Hive.Protocol;
using Tarn.Catalog.Hive.Thrift;
using static Tarn.Catalog.Hive.Protocol.HiveExceptionKind;

namespace Tarn.Catalog.Hive.Calls;

/// <summary>
/// Roles, privileges, functions and constraints of Hive: there are none. Rights are policies of Tarn's identity, and to change them here is refused.
/// </summary>
internal static class SecurityCalls
{
    /// <summary>The calls.</summary>
    public static IEnumerable<HiveMethod> Methods =>
    [
        new("get_role_names", static _ => Empty(), Meta) { IsOpen = true },
        new("list_roles", static _ => EmptyStructs(), Meta) { IsOpen = true },
        new("list_privileges", static _ => EmptyStructs(), Meta) { IsOpen = true },
        new("get_privilege_set", static _ => new(new ThriftStruct()), Meta) { IsOpen = true },
        new("get_principals_in_role", static _ => new(new ThriftStruct().With(1, Array.Empty<ThriftStruct>())), Meta) { IsOpen = true },
        new("get_role_grants_for_principal", static _ => new(new ThriftStruct().With(1, Array.Empty<ThriftStruct>())), Meta) { IsOpen = true },
        .. new[] { "create_role", "drop_role", "grant_role", "revoke_role", "grant_revoke_role", "grant_privileges", "revoke_privileges", "grant_revoke_privileges", "refresh_privileges" }
            .Select(name => new HiveMethod(name, static _ => throw new HiveFault(Meta, "Rights are policies here, not grants: attach one with 'tarn policy attach'."), Meta) { IsOpen = true }),
        new("get_functions", static _ => Empty(), Meta) { IsOpen = true },
        new("get_function", static call => throw new HiveFault(NoSuchObject, $"Function {call.Arguments.Text(1)}.{call.Arguments.Text(2)} does not exist"), Meta, NoSuchObject) { IsOpen = true },
        new("get_all_functions", static _ => new(new ThriftStruct().With(1, Array.Empty<ThriftStruct>())), Meta) { IsOpen = true },
        .. new[] { "get_primary_keys", "get_foreign_keys", "get_unique_constraints", "get_not_null_constraints", "get_default_constraints", "get_check_constraints" }
            .Select(name => new HiveMethod(name, static _ => new(new ThriftStruct().With(1, Array.Empty<ThriftStruct>())), Meta, NoSuchObject) { IsOpen = true }),
    ];

    private static ValueTask<ThriftValue?> Empty() => new(ThriftList.Of(Array.Empty<string>()));

    private static ValueTask<ThriftValue?> EmptyStructs() => new(ThriftList.Of(Array.Empty<ThriftStruct>()));
}
