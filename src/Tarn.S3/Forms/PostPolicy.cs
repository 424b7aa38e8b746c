using System.Globalization;
using System.Text.Json;
using Tarn.S3.Errors;

namespace Tarn.S3.Forms;

/// <summary>What a signed form may hold ("POST policy"): until when, which fields with which values, and how long the file may be.</summary>
internal sealed class PostPolicy
{
    // Fields that no condition has to name.
    private static readonly HashSet<string> s_free = new(StringComparer.OrdinalIgnoreCase) { "policy", "signature", "x-amz-signature", "AWSAccessKeyId", "file", "bucket" };

    private readonly List<PostCondition> _conditions = [];

    private PostPolicy(DateTimeOffset expiration) => Expiration = expiration;

    /// <summary>Until when the form may be used.</summary>
    public DateTimeOffset Expiration { get; }

    /// <summary>Least length of the file.</summary>
    public long MinimumBytes { get; private set; }

    /// <summary>Greatest length of the file.</summary>
    public long MaximumBytes { get; private set; } = long.MaxValue;

    /// <summary>Reads the JSON.</summary>
    /// <exception cref="S3Exception">InvalidPolicyDocument.</exception>
    public static PostPolicy Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Parse(document.RootElement);
        }
        catch (JsonException broken)
        {
            throw new S3Exception(S3Error.InvalidPolicyDocument, "Invalid Policy: Invalid JSON.", broken);
        }
        catch (InvalidOperationException broken)
        {
            throw new S3Exception(S3Error.InvalidPolicyDocument, "Invalid Policy: a value has the wrong type.", broken);
        }
    }

    /// <summary>Checks a form against the policy, all but the file's length.</summary>
    /// <param name="bucket">Bucket of the request.</param>
    /// <param name="form">The form.</param>
    /// <param name="now">Time of the request.</param>
    /// <exception cref="S3Exception">AccessDenied, with the condition that does not hold.</exception>
    public void Check(string bucket, PostForm form, DateTimeOffset now)
    {
        if (now > Expiration)
            throw Denied("Policy expired.");
        foreach (var condition in _conditions)
        {
            if (!condition.Holds(Value(condition.Field, bucket, form)))
                throw Denied($"Policy Condition failed: {condition}");
        }

        foreach (string field in form.Fields.Keys)
        {
            if (!IsFree(field) && !_conditions.Exists(c => c.Field.Equals(field, StringComparison.OrdinalIgnoreCase)))
                throw Denied($"Extra input fields: {field}");
        }

        if (!_conditions.Exists(c => c.Field.Equals("bucket", StringComparison.OrdinalIgnoreCase)))
            throw Denied("Extra input fields: bucket");
    }

    // The file's name is put into the key before the key is compared.
    private static string Value(string field, string bucket, PostForm form)
        => field.Equals("bucket", StringComparison.OrdinalIgnoreCase) ? bucket
            : field.Equals("key", StringComparison.OrdinalIgnoreCase) ? form.Key()
            : form.Fields[field].ToString();

    private static bool IsFree(string field)
        => s_free.Contains(field) || field.StartsWith("x-ignore-", StringComparison.OrdinalIgnoreCase) || field.StartsWith("x-amz-checksum-", StringComparison.OrdinalIgnoreCase);

    private static PostPolicy Parse(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw Invalid("it is not an object");
        if (!root.TryGetProperty("expiration", out var expiration))
            throw Invalid("it lacks 'expiration'");
        if (!DateTimeOffset.TryParseExact(expiration.GetString(), ["yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var until))
            throw Invalid($"Invalid 'expiration' value: '{expiration}'");
        if (!root.TryGetProperty("conditions", out var conditions) || conditions.ValueKind != JsonValueKind.Array)
            throw Invalid("it lacks the list 'conditions'");
        var policy = new PostPolicy(until);
        foreach (var condition in conditions.EnumerateArray())
            policy.Add(condition);
        return policy;
    }

    private void Add(JsonElement condition)
    {
        if (condition.ValueKind == JsonValueKind.Object)
        {
            if (condition.EnumerateObject().Count() != 1)
                throw Invalid("an object among the conditions has exactly one property");
            var property = condition.EnumerateObject().First();
            _conditions.Add(new(property.Name, property.Value.GetString() ?? "", false));
            return;
        }

        if (condition.ValueKind != JsonValueKind.Array || condition.GetArrayLength() != 3)
            throw Invalid("a condition is an object or a list of three");
        string name = condition[0].GetString() ?? "";
        switch (name.ToLowerInvariant())
        {
            case "eq" or "starts-with":
                string field = condition[1].GetString() ?? "";
                if (!field.StartsWith('$'))
                    throw Invalid($"the field '{field}' does not begin with '$'");
                _conditions.Add(new(field[1..], condition[2].GetString() ?? "", name.Length > 2));
                break;
            case "content-length-range":
                (MinimumBytes, MaximumBytes) = (Length(condition[1]), Length(condition[2]));
                break;
            default:
                throw Invalid($"unknown condition '{name}'");
        }
    }

    // Numbers come as numbers and, from some tools, as text.
    private static long Length(JsonElement value)
    {
        string text = value.ValueKind == JsonValueKind.Number ? value.GetRawText() : value.GetString() ?? "";
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long length) ? length : throw Invalid($"'{text}' is not a length");
    }

    private static S3Exception Invalid(string why) => new(S3Error.InvalidPolicyDocument, $"Invalid Policy: {why}.");

    private static S3Exception Denied(string why) => new(S3Error.AccessDenied, $"Invalid according to Policy: {why}");
}

/// <summary>A condition on one field.</summary>
/// <param name="Field">Name, in any case.</param>
/// <param name="Value">What it must be, or begin with.</param>
/// <param name="IsPrefix">True for <c>starts-with</c>.</param>
internal sealed record PostCondition(string Field, string Value, bool IsPrefix)
{
    /// <summary>Whether a value fits. Lists of types fit when each of them does.</summary>
    public bool Holds(string given) => IsPrefix
        ? Field.Equals("Content-Type", StringComparison.OrdinalIgnoreCase) && given.Contains(',')
            ? given.Split(',').All(t => t.StartsWith(Value, StringComparison.Ordinal))
            : given.StartsWith(Value, StringComparison.Ordinal)
        : given == Value;

    /// <summary>As policies write it.</summary>
    public override string ToString() => $"[\"{(IsPrefix ? "starts-with" : "eq")}\", \"${Field}\", \"{Value}\"]";
}
