using Minions.Core.OnnxRuntime;
using Quickstart.CommandLine;

namespace Quickstart.Tests.CommandLine;

public sealed class QuickstartCommandTests
{
    [Test]
    public void Nothing_typed_means_the_embedded_models_and_the_default_rule()
    {
        Arguments arguments = Read();

        Assert.That(arguments, Is.EqualTo(new Arguments { Drafts = arguments.Drafts, Heads = arguments.Heads, MaxTokens = 128 }));
        Assert.That(arguments.NamesDrafts, Is.False);
    }

    [Test]
    public void Everything_typed_is_read()
    {
        Arguments arguments = Read("--target", "t", "--draft", "a", "--draft", "b", "--head", "h", "--prompt", "@why?", "--raw", "--max-tokens", "7", "--length", "0", "--provider", "CUDA", "--target-provider", "auto", "--draft-provider", "Cpu", "--device-id", "2", "--json");

        Assert.That(arguments, Is.EqualTo(new Arguments
        {
            Target = "t",
            Drafts = arguments.Drafts,
            Heads = arguments.Heads,
            Prompt = "@why?",
            Raw = true,
            MaxTokens = 7,
            Length = 0,
            Provider = ExecutionProvider.Cuda,
            TargetProvider = ExecutionProvider.Auto,
            DraftProvider = ExecutionProvider.Cpu,
            DeviceId = 2,
            Json = true,
        }));
        Assert.That(arguments.Drafts, Is.EqualTo(new[] { "a", "b" }));
        Assert.That(arguments.Heads, Is.EqualTo(new[] { "h" }));
    }

    [Test]
    public void A_chat_has_longer_answers_unless_typed_otherwise()
    {
        Assert.That((Read("--chat").Chat, Read("--chat").MaxTokens), Is.EqualTo((true, 1024)));
        Assert.That(Read("--chat", "--max-tokens", "128").MaxTokens, Is.EqualTo(128));
    }

    private static Arguments Read(params string[] args)
    {
        var command = new QuickstartCommand();
        return command.Read(command.Root.Parse(args, QuickstartApp.Parsing));
    }
}
