using System.Text.Json;

namespace Tarn.Access.Policies;

/// <summary>A part of a policy's JSON with its path, so that every error says where.</summary>
internal readonly record struct PolicyElement(JsonElement Json, string Path)
{
    /// <exception cref="FormatException">Not an object, or a member that is not among the known ones.</exception>
    public void RequireOnly(params ReadOnlySpan<string> known)
    {
        foreach (var member in Members())
        {
            if (!known.Contains(member.Name))
                throw new FormatException($"{Path} has the unknown element '{member.Name}'; known are {string.Join(", ", known!)}");
        }
    }

    public PolicyElement? Find(string name) =>
        Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty(name, out var value) ? new PolicyElement(value, Child(name)) : null;

    public PolicyElement Require(string name) => Find(name) ?? throw new FormatException($"{Path} lacks the element '{name}'");

    public IEnumerable<(string Name, PolicyElement Value)> Members()
    {
        string path = Path;
        return Json.ValueKind == JsonValueKind.Object
            ? Json.EnumerateObject().Select(p => (p.Name, new PolicyElement(p.Value, $"{path}.{p.Name}")))
            : throw new FormatException($"{Path} must be an object and is {Kind}");
    }

    public string Text() => Json.ValueKind == JsonValueKind.String ? Json.GetString()! : throw new FormatException($"{Path} must be a text and is {Kind}");

    /// <summary>The items of a list; the element itself where one item may stand without a list.</summary>
    public IEnumerable<PolicyElement> Items(bool allowSingle)
    {
        string path = Path;
        if (Json.ValueKind == JsonValueKind.Array)
            return Json.EnumerateArray().Select((item, at) => new PolicyElement(item, $"{path}[{at}]"));
        return allowSingle ? [this] : throw new FormatException($"{Path} must be a list and is {Kind}");
    }

    /// <summary>A text, or a list of at least one.</summary>
    public IReadOnlyList<string> Texts()
    {
        List<string> texts = [.. Items(allowSingle: true).Select(i => i.Text())];
        return texts.Count > 0 ? texts : throw new FormatException($"{Path} is empty");
    }

    /// <summary>As <see cref="Texts"/>; numbers and booleans count as the texts they are written as.</summary>
    public IReadOnlyList<string> Scalars()
    {
        List<string> texts = [.. Items(allowSingle: true).Select(i => i.Scalar())];
        return texts.Count > 0 ? texts : throw new FormatException($"{Path} is empty");
    }

    private string Kind => Json.ValueKind switch
    {
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "a boolean",
    };

    private string Scalar() => Json.ValueKind switch
    {
        JsonValueKind.String => Json.GetString()!,
        JsonValueKind.Number => Json.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => throw new FormatException($"{Path} must be a text, number or boolean and is {Kind}"),
    };

    private string Child(string name) => Path == "Policy" ? name : $"{Path}.{name}";
}
