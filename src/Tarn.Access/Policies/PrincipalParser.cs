namespace Tarn.Access.Policies;

/// <summary>Parses <c>Principal</c> and <c>NotPrincipal</c>: <c>"*"</c>, or an object of <c>AWS</c> and <c>CanonicalUser</c>.</summary>
internal static class PrincipalParser
{
    private const int AccountDigits = 12, CanonicalDigits = 64;

    public static PrincipalSet Parse(PolicyElement json, bool isNot)
    {
        var found = new Found();
        if (json.Json.ValueKind == System.Text.Json.JsonValueKind.String)
        {
            if (json.Text() != "*")
                throw new FormatException($"{json.Path} is '{json.Text()}'; write \"*\" or an object such as {{\"AWS\": \"arn:aws:iam::ACCOUNT:user/NAME\"}}");
            found.IsEveryone = true;
        }
        else
        {
            json.RequireOnly("AWS", "CanonicalUser", "Federated", "Service");
            foreach (var (kind, values) in json.Members())
                ParseKind(kind, values, found);
        }

        if (isNot && found.IsEveryone)
            throw new FormatException($"{json.Path} spares everybody; such a statement says nothing");
        return new PrincipalSet(isNot, found.IsEveryone, found.Accounts, found.Arns, found.CanonicalIds);
    }

    private static void ParseKind(string kind, PolicyElement values, Found found)
    {
        foreach (string value in values.Texts())
        {
            switch (kind)
            {
                case "AWS":
                    ParseAws(value, values.Path, found);
                    break;
                case "CanonicalUser" when value.Length == CanonicalDigits && value.All(char.IsAsciiHexDigit):
                    found.CanonicalIds.Add(value.ToLowerInvariant());
                    break;
                case "CanonicalUser":
                    throw new FormatException($"{values.Path}: '{value}' is not a canonical id, which has {CanonicalDigits} hexadecimal digits");
                default:
                    throw new FormatException($"{values.Path}: principals of kind '{kind}' do not exist here; name users and roles under 'AWS'");
            }
        }
    }

    private static void ParseAws(string value, string path, Found found)
    {
        if (value == "*")
            found.IsEveryone = true;
        else if (IsAccount(value))
            found.Accounts.Add(value);
        else if (value.Split(':') is ["arn", "aws", "iam", "", var account, "root"] && IsForeignAccount(account))
            found.Accounts.Add(account);
        else if (value.Split(':', 6) is ["arn", "aws", "iam", "", var owner, var name] && IsAccount(owner) && IsNamed(name, "user/", "role/"))
            found.Arns.Add(value);
        else if (value.Split(':', 6) is ["arn", "aws", "sts", "", var holder, var session] && IsAccount(holder) && IsNamed(session, "assumed-role/"))
            found.Arns.Add(value);
        else
            throw new FormatException($"{path}: '{value}' is not a principal; write *, ACCOUNT, arn:aws:iam::ACCOUNT:root, …:user/NAME, …:role/NAME, or arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION");
    }

    // Accounts of other services may have names; nobody here is of them.
    private static bool IsForeignAccount(string text) => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    private static bool IsAccount(string text) => text.Length == AccountDigits && text.All(char.IsAsciiDigit);

    private static bool IsNamed(string text, params ReadOnlySpan<string> prefixes)
    {
        foreach (string prefix in prefixes)
        {
            if (text.StartsWith(prefix, StringComparison.Ordinal) && text.Length > prefix.Length)
                return text.IndexOfAny(['*', '?'], prefix.Length) < 0;
        }

        return false;
    }

    private sealed class Found
    {
        public bool IsEveryone { get; set; }

        public HashSet<string> Accounts { get; } = new(StringComparer.Ordinal);

        public HashSet<string> Arns { get; } = new(StringComparer.Ordinal);

        public HashSet<string> CanonicalIds { get; } = new(StringComparer.Ordinal);
    }
}
