using Tarn.Access.Administration;
using Tarn.CommandLine;
using Tarn.Output;

namespace Tarn.Commands.Access;

/// <summary><c>tarn user</c>: people and programs that own keys.</summary>
internal static class UserCommands
{
    public static CommandSpec Spec { get; } = CommandSpec.Group("user", "add, list, disable and remove users; give root a new key", Add, List, Disable, Enable, Password, Revoke, Reset, Remove);

    private static CommandSpec Add => new("user add", "add a user, with a key unless --no-key")
    {
        Arguments = [IdentityOptions.User],
        Options =
        [
            IdentityOptions.Policy,
            new("group", "NAME", "join this group; may be repeated") { Repeatable = true },
            new("display-name", "TEXT", "name for people"),
            new("account", "DIGITS", "an account of its own, 12 digits: it shares nothing without a resource policy"),
            new("no-key", null, "make no key yet"),
        ],
        Examples =
        [
            new("tarn user add ada --policy readwrite", "a user who may read and write all buckets; prints her key"),
            new("tarn user add etl --no-key", "a user who may do nothing yet"),
        ],
        Run = IdentitySession.Change(async (context, session, cancellationToken) =>
        {
            var words = context.Words;
            string name = words.Arguments[0];
            await session.Administration.CreateUserAsync(new NewUser(name, words.Value("display-name"), words.Values("policy"), words.Values("group"), words.Value("account")), cancellationToken);
            if (words.Has("no-key"))
                context.Say($"User {name} was added without a key; 'tarn key create {name}' makes one.");
            else
                await IdentitySession.ShowAsync(context, await session.Administration.CreateKeyAsync(new KeyRequest(name), cancellationToken), cancellationToken);
        }),
    };

    private static CommandSpec List => new("user list", "list users with their groups, policies and keys")
    {
        Examples = [new("tarn user list", "all users"), new("tarn user list --format json", "for a program")],
        Run = IdentitySession.Show(async (_, session, cancellationToken) => new RowsResult(
            [
                RowsResult.Text("user"), RowsResult.Text("state"), RowsResult.Text("policies"), RowsResult.Text("groups"), RowsResult.Number("keys"),
                RowsResult.Text("arn"), RowsResult.Text("canonical_id"), RowsResult.Instant("created"),
            ],
            [.. (await session.Administration.ListUsersAsync(cancellationToken)).Select(Row)])),
    };

    private static CommandSpec Disable => new("user disable", "make all keys of a user stop working")
    {
        Arguments = [IdentityOptions.User],
        Examples = [new("tarn user disable ada", "from now on, also for requests to a running server")],
        Run = SetDisabled(true),
    };

    private static CommandSpec Enable => new("user enable", "make the keys of a user work again")
    {
        Arguments = [IdentityOptions.User],
        Examples = [new("tarn user enable ada", "as before")],
        Run = SetDisabled(false),
    };

    private static CommandSpec Password => new("user password", "set the password of a user from standard input, or remove it")
    {
        Details = "For protocols with names and passwords. Only a salted hash is kept.",
        Arguments = [IdentityOptions.User],
        Options = [new("remove", null, "take the password away")],
        Examples = [new("echo 'correct horse battery staple' | tarn user password ada", "set it"), new("tarn user password ada --remove", "no password any more")],
        Run = IdentitySession.Change(async (context, session, cancellationToken) =>
        {
            string? password = context.Words.Has("remove") ? null : (await IdentityOptions.ReadAsync(context, "-", cancellationToken)).TrimEnd('\r', '\n');
            await session.Administration.SetPasswordAsync(context.Words.Arguments[0], password, cancellationToken);
        }),
    };

    private static CommandSpec Revoke => new("user revoke", "end the temporary credentials of a user")
    {
        Arguments = [IdentityOptions.User],
        Examples = [new("tarn user revoke ada", "all that were issued until now; her keys go on")],
        Run = IdentitySession.Change((context, session, cancellationToken) =>
            session.Administration.RevokeSessionsAsync(new PolicyHolder(PolicyHolderKind.User, context.Words.Arguments[0]), cancellationToken).AsTask()),
    };

    private static CommandSpec Reset => new("user reset", "give a user, or root, one new key in place of all others")
    {
        Details = "Whoever owns the data folder can do this, also when the key of root is lost. Temporary credentials of the user end.",
        Arguments = [IdentityOptions.User],
        Examples = [new("tarn user reset root", "root's keys are lost or known to others")],
        Run = IdentitySession.OnExisting(async (context, session, cancellationToken) =>
            await IdentitySession.ShowAsync(context, await session.Administration.ResetUserAsync(context.Words.Arguments[0], cancellationToken), cancellationToken)),
    };

    private static CommandSpec Remove => new("user rm", "remove a user with all its keys")
    {
        Arguments = [IdentityOptions.User],
        Examples = [new("tarn user rm ada", "for ever: a user of the same name is another one")],
        Run = IdentitySession.Change((context, session, cancellationToken) => session.Administration.DeleteUserAsync(context.Words.Arguments[0], cancellationToken).AsTask()),
    };

    private static Func<CommandContext, CancellationToken, Task<int>> SetDisabled(bool isDisabled) =>
        IdentitySession.Change((context, session, cancellationToken) => session.Administration.SetUserDisabledAsync(context.Words.Arguments[0], isDisabled, cancellationToken).AsTask());

    private static object?[] Row(UserSummary summary)
    {
        var user = summary.User;
        return
        [
            user.Name, user.IsDisabled ? "disabled" : "enabled", user.IsRoot ? "everything" : IdentityOptions.Names(user.Policies.Concat(user.InlinePolicies.Keys.Select(i => i + " (inline)"))),
            IdentityOptions.Names(summary.Groups), (long)summary.KeyCount, user.Arn, user.CanonicalId, IdentityOptions.Instant(user.Created),
        ];
    }
}
