using Tarn.Access.Administration;
using Tarn.CommandLine;
using Tarn.Output;

namespace Tarn.Commands.Access;

/// <summary><c>tarn role</c>: rights that others take on for a while.</summary>
internal static class RoleCommands
{
    private static readonly ArgumentSpec s_role = new("ROLE", "name of the role");

    public static CommandSpec Spec { get; } = CommandSpec.Group("role", "add roles, say who may assume them, end their sessions", Add, List, Trust, Revoke, Remove);

    private static CommandSpec Add => new("role add", "add a role that others may assume")
    {
        Details = "Without --trust every user of the account may assume it whose own policies allow sts:AssumeRole.",
        Arguments = [s_role],
        Options =
        [
            IdentityOptions.Policy,
            new("trust", "FILE", "policy that says who may assume it, '-' for standard input"),
            new("max-session", "TIME", "the longest session, 1h to 12h (default: 1h)"),
        ],
        Examples = [new("tarn role add loader --policy readwrite --max-session 4h", "a role for jobs")],
        Run = IdentitySession.Change(async (context, session, cancellationToken) =>
        {
            var words = context.Words;
            string? trust = words.Value("trust") is { } file ? await IdentityOptions.ReadAsync(context, file, cancellationToken) : null;
            var role = await session.Administration.CreateRoleAsync(new NewRole(words.Arguments[0], trust, words.Values("policy"), IdentityOptions.Duration(words, "max-session")), cancellationToken);
            context.Say($"The role is {role.Arn}.");
        }),
    };

    private static CommandSpec List => new("role list", "list roles with their policies and who may assume them")
    {
        Examples = [new("tarn role list", "all roles")],
        Run = IdentitySession.Show(async (_, session, cancellationToken) => new RowsResult(
            [RowsResult.Text("role"), RowsResult.Text("arn"), RowsResult.Text("policies"), RowsResult.Text("trust"), RowsResult.Number("max_session_seconds"), RowsResult.Instant("created")],
            [
                .. (await session.Administration.ListRolesAsync(cancellationToken)).Select(role => new[]
                {
                    role.Name, role.Arn, IdentityOptions.Names(role.Policies.Concat(role.InlinePolicies.Keys.Select(i => i + " (inline)"))), role.TrustPolicy,
                    (object)(long)role.MaxSession.TotalSeconds, IdentityOptions.Instant(role.Created),
                }),
            ])),
    };

    private static CommandSpec Trust => new("role trust", "say anew who may assume a role")
    {
        Arguments = [s_role, new ArgumentSpec("FILE", "trust policy, '-' for standard input")],
        Examples =
        [
            new("""echo '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]}' | tarn role trust loader -""", "everybody with a key"),
        ],
        Run = IdentitySession.Change(async (context, session, cancellationToken) =>
            await session.Administration.SetTrustPolicyAsync(context.Words.Arguments[0], await IdentityOptions.ReadAsync(context, context.Words.Arguments[1], cancellationToken), cancellationToken)),
    };

    private static CommandSpec Revoke => new("role revoke", "end the sessions of a role")
    {
        Arguments = [s_role],
        Examples = [new("tarn role revoke loader", "all that were issued until now")],
        Run = IdentitySession.Change((context, session, cancellationToken) =>
            session.Administration.RevokeSessionsAsync(new PolicyHolder(PolicyHolderKind.Role, context.Words.Arguments[0]), cancellationToken).AsTask()),
    };

    private static CommandSpec Remove => new("role rm", "remove a role; its sessions end")
    {
        Arguments = [s_role],
        Examples = [new("tarn role rm loader", "for ever")],
        Run = IdentitySession.Change((context, session, cancellationToken) => session.Administration.DeleteRoleAsync(context.Words.Arguments[0], cancellationToken).AsTask()),
    };
}
