using System.Globalization;
using System.Net;
using Tarn.Access.Policies;
using Tarn.Core.Text;

namespace Tarn.Access.Decisions;

/// <summary>Condition values that follow from the caller, the source and the time. See "AWS global condition context keys" of the IAM user guide.</summary>
internal static class CallerValues
{
    /// <summary>The values of a request with these added; what a door has set itself stays, except who the caller is.</summary>
    public static ConditionValues Complete(ConditionValues given, Caller? caller, IPAddress? source, DateTimeOffset now)
    {
        var values = given.Copy()
            .Set("aws:CurrentTime", IsoTime.Seconds(now))
            .Set("aws:EpochTime", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture))
            .Set("aws:PrincipalType", caller?.Kind switch { null => "Anonymous", CallerKind.Root => "Account", var kind => kind.Value.ToString() });
        if (source is not null)
            values.Set("aws:SourceIp", (source.IsIPv4MappedToIPv6 ? source.MapToIPv4() : source).ToString());
        if (caller is null)
            return values;
        values.Set("aws:userid", caller.UserId).Set("aws:PrincipalArn", caller.RoleArn ?? caller.Arn).Set("aws:PrincipalAccount", caller.AccountId);
        if (caller.Kind == CallerKind.User)
            values.Set("aws:username", caller.Name);
        if (caller.SessionIssued is { } issued)
            values.Set("aws:TokenIssueTime", IsoTime.Seconds(issued));
        return values;
    }
}
