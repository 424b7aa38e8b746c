namespace Tarn.Access.Policies;

/// <summary>Parses one statement of a policy.</summary>
internal static class StatementParser
{
    public static PolicyStatement Parse(PolicyElement json, PolicyKind kind, bool hasVariables)
    {
        json.RequireOnly("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition");
        var (actions, isNotAction) = OneOf(json, "Action", "NotAction") ?? throw new FormatException($"{json.Path} lacks the element 'Action' (or 'NotAction')");
        var resources = OneOf(json, "Resource", "NotResource");
        if (kind == PolicyKind.Trust && resources is not null)
            throw new FormatException($"{resources.Value.Element.Path} stands in a trust policy, whose resource is the role itself; leave it away");
        if (kind != PolicyKind.Trust && resources is null)
            throw new FormatException($"{json.Path} lacks the element 'Resource' (or 'NotResource')");
        var effect = ParseEffect(json.Require("Effect"));
        return new PolicyStatement
        {
            Sid = json.Find("Sid")?.Text(),
            Effect = effect,
            Principals = ParsePrincipals(json, kind, effect),
            Actions = actions.Texts(),
            IsNotAction = isNotAction,
            ActionPatterns = [.. actions.Texts().Select(a => ParseAction(a, actions.Path))],
            Resources = resources?.Element.Texts() ?? [],
            IsNotResource = resources?.IsNot ?? false,
            ResourcePatterns = [.. (resources?.Element.Texts() ?? []).Select(r => ParseArn(r, resources!.Value.Element.Path, hasVariables))],
            Conditions = json.Find("Condition") is { } condition ? ParseConditions(condition, hasVariables) : [],
        };
    }

    private static (PolicyElement Element, bool IsNot)? OneOf(PolicyElement json, string name, string notName) => (json.Find(name), json.Find(notName)) switch
    {
        ({ } plain, null) => (plain, false),
        (null, { } not) => (not, true),
        ({ }, { }) => throw new FormatException($"{json.Path} has both '{name}' and '{notName}'; it takes one of them"),
        _ => null,
    };

    private static PolicyEffect ParseEffect(PolicyElement effect) => effect.Text() switch
    {
        "Allow" => PolicyEffect.Allow,
        "Deny" => PolicyEffect.Deny,
        var other => throw new FormatException($"{effect.Path} is '{other}'; it must be 'Allow' or 'Deny'"),
    };

    private static PrincipalSet? ParsePrincipals(PolicyElement json, PolicyKind kind, PolicyEffect effect)
    {
        var principals = OneOf(json, "Principal", "NotPrincipal");
        if (kind == PolicyKind.Identity)
        {
            return principals is null ? null
                : throw new FormatException($"{principals.Value.Element.Path} stands in a policy of an identity, which speaks of its holder; leave it away");
        }

        if (principals is { IsNot: true } && effect == PolicyEffect.Allow)
            throw new FormatException($"{json.Path} allows by 'NotPrincipal', which is for 'Deny' only; name whom it allows under 'Principal'");
        return principals is { } found
            ? PrincipalParser.Parse(found.Element, found.IsNot)
            : throw new FormatException($"{json.Path} lacks the element 'Principal' (or 'NotPrincipal')");
    }

    // Actions ignore case: "s3:getobject" is s3:GetObject.
    private static WildcardPattern ParseAction(string action, string path)
    {
        int colon = action.IndexOf(':', StringComparison.Ordinal);
        bool isAction = action == "*" || (colon > 0 && colon < action.Length - 1 && action.AsSpan(0, colon).IndexOfAnyExcept(ServiceCharacters) < 0 && action.IndexOf(' ', StringComparison.Ordinal) < 0);
        return isAction ? WildcardPattern.Parse(action, ignoreCase: true) : throw new FormatException($"{path}: '{action}' is not an action; write SERVICE:ACTION, e.g. s3:GetObject, or '*'");
    }

    private static readonly System.Buffers.SearchValues<char> ServiceCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-*?");

    private static ArnPattern ParseArn(string resource, string path, bool hasVariables)
    {
        try
        {
            return ArnPattern.Parse(resource, hasVariables);
        }
        catch (FormatException error)
        {
            throw new FormatException($"{path}: {error.Message}", error);
        }
    }

    private static List<PolicyCondition> ParseConditions(PolicyElement json, bool hasVariables)
    {
        var conditions = new List<PolicyCondition>();
        foreach (var (name, keys) in json.Members())
        {
            foreach (var (key, values) in keys.Members())
            {
                try
                {
                    conditions.Add(ConditionOperators.Create(name, key, values.Scalars(), hasVariables));
                }
                catch (FormatException error)
                {
                    throw new FormatException($"{values.Path}: {error.Message}", error);
                }
            }
        }

        return conditions;
    }
}
