using Quickstart.Chat;
using Quickstart.Chat.Commands;

namespace Quickstart.Tests.CommandLine;

public sealed class HelpTests
{
    [Test]
    public async Task Help_lists_every_option_with_defaults_and_examples()
    {
        CommandLineRun help = await CommandLineRun.Of(["--help"]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(help.ExitCode, Is.Zero);
            Assert.That(help.Error, Is.Empty);
            foreach (string option in new[] { "--target", "--draft", "--head", "--no-drafts", "--no-ngram", "--panel", "--chat", "--prompt", "--prompts", "--raw", "--max-tokens", "--length", "--provider", "--target-provider", "--draft-provider", "--device-id", "--json", "--help" })
                Assert.That(help.Output, Does.Contain(option + " "));
            Assert.That(help.Output, Does.Contain("[default: 128]"));
            Assert.That(help.Output, Does.Contain("Default: cpu for the embedded models"));
            Assert.That(help.Output, Does.Contain("Examples:"));
        }
    }

    [Test]
    public void The_documentation_names_every_option()
    {
        string page = File.ReadAllText(RepositoryFiles.PathOf("docs", "quickstart.md"));

        foreach (var option in new Quickstart.CommandLine.QuickstartCommand().Root.Options.Where(option => option.Name != "--version"))
            Assert.That(page, Does.Contain($"`{option.Name}"), "docs/quickstart.md");
    }

    [Test]
    public void The_documentation_names_every_command_of_the_chat()
    {
        string page = File.ReadAllText(RepositoryFiles.PathOf("docs", "quickstart.md"));

        foreach (ChatCommand command in new ChatCommands(new Conversation(), new ChatSettings { MaxTokens = 1 }).All)
        {
            foreach (string name in command.Names)
                Assert.That(page, Does.Contain($"`/{name}"), "docs/quickstart.md");
        }
    }
}
