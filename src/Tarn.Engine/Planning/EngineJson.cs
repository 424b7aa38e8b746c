using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Tarn.Core.Errors;

namespace Tarn.Engine.Planning;

/// <summary>Reads the trees and plans that the engine writes as JSON.</summary>
internal static class EngineJson
{
    /// <summary>
    /// How deep a tree may be, in levels of JSON. The engine's own limit of 1,000 nested expressions (<c>max_expression_depth</c>) makes two levels of an
    /// operator, three of a CASE or subquery, and some around them.
    /// </summary>
    public const int MaxDepth = 4096;

    private static readonly JsonDocumentOptions s_reading = new() { MaxDepth = MaxDepth };

    /// <summary>The document. Numbers that are infinite or none stand there as words, which JSON does not have: they become null.</summary>
    /// <exception cref="TarnException">InvalidRequest: it is deeper than <see cref="MaxDepth"/>.</exception>
    public static JsonDocument Parse(string json)
    {
        try
        {
            return JsonDocument.Parse(json, s_reading);
        }
        catch (JsonException)
        {
            return JsonDocument.Parse(WithoutNumberWords(json), s_reading);
        }
    }

    /// <summary>A property that is a text; empty where there is none.</summary>
    public static string Text(JsonElement node, string property) =>
        node.ValueKind == JsonValueKind.Object && node.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    /// <summary>To be called at each level of a recursion over a tree: what is left of the stack depends on the thread.</summary>
    /// <exception cref="TarnException">InvalidRequest: the stack of this thread is used up.</exception>
    public static void RequireStack()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw TooDeep();
    }

    // One pass; within quotes everything stays as it is.
    private static string WithoutNumberWords(string json)
    {
        var text = new StringBuilder(json.Length);
        int depth = 0, copied = 0;
        for (int i = 0; i < json.Length; i++)
        {
            if (json[i] == '"')
            {
                i = StringEnd(json, i);
            }
            else if (json[i] is '{' or '[' && ++depth > MaxDepth)
            {
                throw TooDeep();
            }
            else if (json[i] is '}' or ']')
            {
                depth--;
            }
            else if (char.IsAsciiLetter(json[i]))
            {
                int end = WordEnd(json, i);
                if (IsNumber(json.AsSpan(i, end - i)))
                {
                    text.Append(json, copied, (json[i - 1] == '-' ? i - 1 : i) - copied).Append("null");
                    copied = end;
                }

                i = end - 1;
            }
        }

        return text.Append(json, copied, json.Length - copied).ToString();
    }

    private static int StringEnd(string json, int quote)
    {
        int i = quote + 1;
        while (i < json.Length && json[i] != '"')
            i += json[i] == '\\' ? 2 : 1;
        return i;
    }

    private static int WordEnd(string json, int start)
    {
        int end = start;
        while (end < json.Length && char.IsAsciiLetter(json[end]))
            end++;
        return end;
    }

    private static bool IsNumber(ReadOnlySpan<char> word) =>
        word.Equals("Infinity", StringComparison.OrdinalIgnoreCase) || word.Equals("inf", StringComparison.OrdinalIgnoreCase) || word.Equals("NaN", StringComparison.OrdinalIgnoreCase);

    private static TarnException TooDeep() => TarnException.Invalid(string.Create(CultureInfo.InvariantCulture,
        $"The query is nested too deeply: its parse tree may have {MaxDepth} levels at most, of which each operator in an operator takes two or three, and must fit the stack. Compute it in parts, with WITH … AS (…) or over a list."));
}
