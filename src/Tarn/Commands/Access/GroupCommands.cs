using Tarn.CommandLine;
using Tarn.Output;

namespace Tarn.Commands.Access;

/// <summary><c>tarn group</c>: users that share policies.</summary>
internal static class GroupCommands
{
    private static readonly ArgumentSpec s_group = new("GROUP", "name of the group");
    private static readonly ArgumentSpec s_users = new("USER", "users") { Many = true };

    public static CommandSpec Spec { get; } = CommandSpec.Group("group", "add groups, put users into them, remove them", Add, List, Join, Leave, Remove);

    private static CommandSpec Add => new("group add", "add a group")
    {
        Arguments = [s_group],
        Options = [IdentityOptions.Policy],
        Examples = [new("tarn group add analysts --policy readonly", "whoever joins may read")],
        Run = IdentitySession.Change((context, session, cancellationToken) =>
            session.Administration.CreateGroupAsync(context.Words.Arguments[0], context.Words.Values("policy"), cancellationToken).AsTask()),
    };

    private static CommandSpec List => new("group list", "list groups with their members and policies")
    {
        Examples = [new("tarn group list", "all groups")],
        Run = IdentitySession.Show(async (_, session, cancellationToken) => new RowsResult(
            [RowsResult.Text("group"), RowsResult.Text("members"), RowsResult.Text("policies"), RowsResult.Instant("created")],
            [
                .. (await session.Administration.ListGroupsAsync(cancellationToken)).Select(group => new[]
                {
                    group.Name, IdentityOptions.Names(group.Members), IdentityOptions.Names(group.Policies.Concat(group.InlinePolicies.Keys.Select(i => i + " (inline)"))),
                    IdentityOptions.Instant(group.Created),
                }),
            ])),
    };

    private static CommandSpec Join => new("group join", "put users into a group")
    {
        Arguments = [s_group, s_users],
        Examples = [new("tarn group join analysts ada", "she has its policies from now on")],
        Run = IdentitySession.Change((context, session, cancellationToken) =>
            session.Administration.AddMembersAsync(context.Words.Arguments[0], [.. context.Words.Arguments.Skip(1)], cancellationToken).AsTask()),
    };

    private static CommandSpec Leave => new("group leave", "take users out of a group")
    {
        Arguments = [s_group, s_users],
        Examples = [new("tarn group leave analysts ada", "without its policies again")],
        Run = IdentitySession.Change((context, session, cancellationToken) =>
            session.Administration.RemoveMembersAsync(context.Words.Arguments[0], [.. context.Words.Arguments.Skip(1)], cancellationToken).AsTask()),
    };

    private static CommandSpec Remove => new("group rm", "remove a group; its users stay")
    {
        Arguments = [s_group],
        Examples = [new("tarn group rm analysts", "its policies count for nobody any more")],
        Run = IdentitySession.Change((context, session, cancellationToken) => session.Administration.DeleteGroupAsync(context.Words.Arguments[0], cancellationToken).AsTask()),
    };
}
