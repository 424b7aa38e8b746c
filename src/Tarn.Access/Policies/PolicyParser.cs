using System.Text;
using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.Core.Text;

namespace Tarn.Access.Policies;

/// <summary>Parses the JSON policy language. See "Grammar of the IAM JSON policy language" of the IAM user guide.</summary>
internal static class PolicyParser
{
    private const string OldVersion = "2008-10-17", NewVersion = "2012-10-17";

    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false };

    public static PolicyDocument Parse(string json, PolicyKind kind)
    {
        int sizeBytes = Encoding.UTF8.GetByteCount(json);
        if (sizeBytes > PolicyDocument.MaxBytes)
            throw TarnException.Invalid($"The policy has {sizeBytes} bytes; at most {PolicyDocument.MaxBytes} are allowed. Split it or use wildcards.");
        try
        {
            using var document = JsonDocument.Parse(json, Options);
            return ParseDocument(new PolicyElement(document.RootElement, "Policy"), json, kind);
        }
        catch (JsonException error)
        {
            throw TarnException.Invalid(json.Trim().Length == 0 ? "The policy is empty; give the JSON of one." : $"The policy is not valid JSON: {JsonDefect.Find(json, allowDuplicates: Options.AllowDuplicateProperties)}.", error);
        }
        catch (FormatException error)
        {
            throw TarnException.Invalid($"The policy is malformed: {error.Message}.", error);
        }
        catch (InvalidOperationException error)
        {
            // What System.Text.Json says of a text with a lone surrogate.
            throw TarnException.Invalid($"The policy is not valid JSON: {JsonDefect.Find(json)}.", error);
        }
    }

    private static PolicyDocument ParseDocument(PolicyElement root, string json, PolicyKind kind)
    {
        root.RequireOnly("Version", "Id", "Statement");
        string version = root.Find("Version")?.Text() ?? OldVersion;
        if (version is not (OldVersion or NewVersion))
            throw new FormatException($"Version '{version}' is neither {NewVersion} nor {OldVersion}");
        var statements = root.Require("Statement").Items(allowSingle: true)
            .Select(s => StatementParser.Parse(s, kind, hasVariables: version == NewVersion)).ToList();
        if (statements.Count == 0)
            throw new FormatException("Statement is empty; a policy has at least one statement");
        RequireDistinctSids(statements);
        return new PolicyDocument(json, version, root.Find("Id")?.Text(), statements);
    }

    private static void RequireDistinctSids(List<PolicyStatement> statements)
    {
        if (statements.Where(s => s.Sid is { Length: > 0 }).GroupBy(s => s.Sid).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new FormatException($"Sid '{twice.Key}' names {twice.Count()} statements; each Sid is used once");
    }
}
