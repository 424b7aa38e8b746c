using Tarn.Core.Errors;

namespace Tarn.Access.Policies;

/// <summary>What a policy is attached to, and so which elements it has.</summary>
public enum PolicyKind
{
    /// <summary>To a user, group, role, session or service account: it names resources and no principal.</summary>
    Identity,

    /// <summary>To a resource such as a bucket: it names principals and resources.</summary>
    Resource,

    /// <summary>To a role, saying who may assume it: it names principals and no resource.</summary>
    Trust,
}

/// <summary>A policy in AWS's JSON policy language, parsed. Immutable.</summary>
public sealed class PolicyDocument
{
    /// <summary>Most bytes of a policy (UTF-8): the limit of bucket policies, the largest that AWS has.</summary>
    public const int MaxBytes = 20 * 1024;

    internal PolicyDocument(string text, string version, string? id, IReadOnlyList<PolicyStatement> statements) =>
        (Text, Version, Id, Statements) = (text, version, id, statements);

    /// <summary>The JSON as given.</summary>
    public string Text { get; }

    /// <summary><c>2012-10-17</c>, or <c>2008-10-17</c>, which has no policy variables and counts where none is given.</summary>
    public string Version { get; }

    /// <summary>The optional <c>Id</c>.</summary>
    public string? Id { get; }

    /// <summary>At least one.</summary>
    public IReadOnlyList<PolicyStatement> Statements { get; }

    /// <summary>Whether some statement allows something to everybody without a condition that ties it to known sources; what BlockPublicPolicy refuses.</summary>
    public bool IsPublic => PublicAccess.IsPublic(this);

    /// <summary>Parses a policy.</summary>
    /// <exception cref="TarnException">InvalidRequest; the message names the element and what is allowed there.</exception>
    public static PolicyDocument Parse(string json, PolicyKind kind) => PolicyParser.Parse(json, kind);

    /// <inheritdoc/>
    public override string ToString() => Text;
}
