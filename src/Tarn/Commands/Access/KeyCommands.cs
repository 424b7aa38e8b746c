using Tarn.Access.Administration;
using Tarn.Access.Identities;
using Tarn.CommandLine;
using Tarn.Output;

namespace Tarn.Commands.Access;

/// <summary><c>tarn key</c>: access keys, and the master key that seals them.</summary>
internal static class KeyCommands
{
    private static readonly ArgumentSpec s_id = new("KEY", "the access key");

    public static CommandSpec Spec { get; } = CommandSpec.Group("key", "create, list and remove access keys; rotate the master key", Create, List, Disable, Enable, Rotate, Remove);

    private static CommandSpec Create => new("key create", "create an access key for a user; the secret is shown once")
    {
        Details = "With --narrow the key is a service account: it may do what both its user and that policy allow.",
        Arguments = [IdentityOptions.User],
        Options =
        [
            new("narrow", "FILE", "policy that limits this key, '-' for standard input"),
            new("description", "TEXT", "what it is for"),
            new("expires", "TIME", "for how long it works, e.g. 90d or 12h (default: for ever)"),
            new("id", "KEY", "this access key instead of a random one; 3 to 128 characters"),
        ],
        Examples =
        [
            new("tarn key create ada --id backup-of-ada --expires 90d", "a key that works for three months"),
            new("tarn key create ada --narrow only-raw.json --description nightly", "a service account"),
        ],
        Run = IdentitySession.Change(async (context, session, cancellationToken) =>
        {
            var words = context.Words;
            string? policy = words.Value("narrow") is { } file ? await IdentityOptions.ReadAsync(context, file, cancellationToken) : null;
            var expires = IdentityOptions.Duration(words, "expires") is { } length ? TimeProvider.System.GetUtcNow() + length : (DateTimeOffset?)null;
            var wanted = new KeyRequest(words.Arguments[0], policy, words.Value("description"), expires) { AccessKeyId = words.Value("id") };
            await IdentitySession.ShowAsync(context, await session.Administration.CreateKeyAsync(wanted, cancellationToken), cancellationToken);
        }),
    };

    private static CommandSpec List => new("key list", "list access keys, without their secrets")
    {
        Arguments = [IdentityOptions.User with { Optional = true }],
        Examples = [new("tarn key list", "of all users"), new("tarn key list ada", "of one")],
        Run = IdentitySession.Show(async (context, session, cancellationToken) => new RowsResult(
            [
                RowsResult.Text("access_key"), RowsResult.Text("user"), RowsResult.Text("state"), RowsResult.Text("kind"), RowsResult.Text("description"),
                RowsResult.Instant("created"), RowsResult.Instant("expires"),
            ],
            [.. (await session.Administration.ListKeysAsync(context.Words.Argument(0), cancellationToken)).Select(Row)])),
    };

    private static CommandSpec Disable => new("key disable", "make a key stop working")
    {
        Arguments = [s_id],
        Examples = [new("tarn key disable backup-of-ada", "for now")],
        Run = SetDisabled(true),
    };

    private static CommandSpec Enable => new("key enable", "make a key work again")
    {
        Arguments = [s_id],
        Examples = [new("tarn key enable backup-of-ada", "as before")],
        Run = SetDisabled(false),
    };

    private static CommandSpec Rotate => new("key rotate-master", "make a new master key and seal every secret with it")
    {
        Details = "Access keys, passwords and temporary credentials stay as they are, and servers go on. May be interrupted at any moment and run again.",
        Examples = [new("tarn key rotate-master", "now and then, and when somebody may have read the folder .keys")],
        Run = IdentitySession.Change(async (context, session, cancellationToken) =>
            context.Say($"{await session.Administration.RotateMasterKeyAsync(cancellationToken)} secrets are sealed with the new master key.")),
    };

    private static CommandSpec Remove => new("key rm", "remove a key; temporary credentials that it asked for end")
    {
        Arguments = [s_id],
        Examples = [new("tarn key rm backup-of-ada", "for ever")],
        Run = IdentitySession.Change((context, session, cancellationToken) => session.Administration.DeleteKeyAsync(context.Words.Arguments[0], cancellationToken).AsTask()),
    };

    private static Func<CommandContext, CancellationToken, Task<int>> SetDisabled(bool isDisabled) =>
        IdentitySession.Change((context, session, cancellationToken) => session.Administration.SetKeyDisabledAsync(context.Words.Arguments[0], isDisabled, cancellationToken).AsTask());

    private static object?[] Row(AccessKey key) =>
    [
        key.Id, key.User, key.IsDisabled ? "disabled" : key.Expires <= TimeProvider.System.GetUtcNow() ? "expired" : "enabled",
        key.Policy is null ? "key" : "service account", key.Description, IdentityOptions.Instant(key.Created), IdentityOptions.Instant(key.Expires),
    ];
}
