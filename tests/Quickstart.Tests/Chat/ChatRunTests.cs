using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Quickstart.Tests.Chat;

public sealed partial class ChatRunTests
{
    private const string First = "Name three colours.";
    private const string Second = "Which of them is the darkest?";

    [Test]
    public async Task The_second_turn_takes_the_first_from_the_cache_and_texts_are_the_clients_own_with_and_without_speculation()
    {
        CommandLineRun run = await CommandLineRun.Of(["--chat", "--max-tokens", "24"], string.Join('\n', First, Second, "/plain on", "/retry", "/exit"));

        Assert.That((run.ExitCode, run.Error), Is.EqualTo((0, "")));
        int[] cached = [.. Cached().Matches(run.Output).Select(match => int.Parse(match.Groups[1].ValueSpan))];
        Assert.That(cached, Has.Length.EqualTo(3));
        Assert.That(cached[0], Is.Zero);
        Assert.That(cached[1..], Has.All.Positive);

        string[] expected = await AnswersAsync();
        string shown = run.Output.ReplaceLineEndings("\n");
        Assert.That(shown, Does.Contain($"> {First}\n{expected[0]}\n[").And.Contain($"> {Second}\n{expected[1]}\n[").And.Contain($"> /retry\n{expected[1]}\n["));
        Assert.That(shown, Does.Contain("limit of 24 tokens"));
    }

    [Test]
    public async Task A_model_without_a_template_is_told_of_and_chats()
    {
        CommandLineRun run = await CommandLineRun.Of(["--chat", "--target", Path.Combine(RepositoryFiles.Family, "target"), "--max-tokens", "8"], "Once upon a time\n");

        Assert.That((run.ExitCode, run.Error), Is.EqualTo((0, "")));
        Assert.That(run.Output, Does.Contain("no chat template").And.Contain(" from the cache]"));
    }

    [Test]
    public async Task A_template_that_refuses_the_system_message_is_a_fault_of_the_turn()
    {
        using TemporaryFolder folder = Llama("{% if messages[0].role == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}{{ messages[-1].content }}");

        CommandLineRun run = await CommandLineRun.Of(["--chat", "--target", folder.Path, "--max-tokens", "4"], "/system Be brief.\nHi\n/system off\n/retry\n");

        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(run.Output, Does.Contain("System role not supported").And.Contain(" from the cache]"));
    }

    [Test]
    public async Task A_full_context_is_told_with_what_to_do()
    {
        string text = string.Concat(Enumerable.Repeat("word ", 10_000));

        CommandLineRun run = await CommandLineRun.Of(["--chat", "--target", Path.Combine(RepositoryFiles.Family, "target"), "--max-tokens", "4"], $"Once\n{text}\nTwice\n");

        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(run.Output, Does.Contain("error: The prompt has").And.Contain("context").And.Contain("/undo").And.Not.Contain("Parameter"));
        Assert.That(Cached().Matches(run.Output), Has.Count.EqualTo(2), "the turns around it are answered");
    }

    private static async Task<string[]> AnswersAsync()
    {
        var services = new ServiceCollection();
        services.AddMinions().UseDemoModels().AddChatClient();
        await using ServiceProvider provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<IChatClient>();
        var options = new ChatOptions { MaxOutputTokens = 24 };
        ChatResponse first = await client.GetResponseAsync(First, options);
        ChatResponse second = await client.GetResponseAsync([new(ChatRole.User, First), .. first.Messages, new(ChatRole.User, Second)], options);
        return [first.Text, second.Text];
    }

    /// <summary>A model of a few layers with a template of the test's own.</summary>
    private static TemporaryFolder Llama(string template)
    {
        TemporaryFolder folder = new TemporaryFolder().With("chat_template.jinja", template);
        foreach (string file in Directory.EnumerateFiles(Path.Combine(RepositoryFiles.Tiny, "llama-int4")))
            File.Copy(file, Path.Combine(folder.Path, Path.GetFileName(file)));
        return folder;
    }

    [GeneratedRegex(@"prompt \d+ tokens, (\d+) from the cache")]
    private static partial Regex Cached();
}
