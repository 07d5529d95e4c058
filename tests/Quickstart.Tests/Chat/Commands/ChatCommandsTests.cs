using Quickstart.Chat;
using Quickstart.Chat.Commands;

namespace Quickstart.Tests.Chat.Commands;

public sealed class ChatCommandsTests
{
    private ChatSettings _settings = null!;

    [SetUp]
    public void Begin() => _settings = new ChatSettings { MaxTokens = 16 };

    [Test]
    public void Help_lists_every_command()
    {
        ChatCommands commands = Commands();

        string help = commands.Read("/help").Message!;

        foreach (ChatCommand command in commands.All)
            Assert.That(help, Does.Contain(command.Usage + " ").And.Contain(command.Meaning));
        Assert.That(help.Split('\n'), Has.All.Length.LessThan(110));
    }

    [TestCase("/halp", "'/halp'", "/help")]
    [TestCase("/", "'/'")]
    [TestCase("/usr/bin is what?", "'/usr/bin'", "two")]
    [TestCase("/exit now", "/exit", "'now'")]
    [TestCase("/temperature hot", "'hot'", "a number from 0")]
    [TestCase("/temperature -1", "'-1'")]
    [TestCase("/temperature NaN", "'NaN'")]
    [TestCase("/temperature 1e99", "'1e99'")]
    [TestCase("/seed -1", "'-1'", "or off")]
    [TestCase("/seed 99999999999999999999", "99999999999999999999")]
    [TestCase("/max-tokens 0", "'0'", "from 1")]
    [TestCase("/reasoning much", "'much'", "medium")]
    [TestCase("/plain maybe", "'maybe'", "on or off")]
    public void What_cannot_be_meant_is_told_and_changes_nothing(string line, params string[] mentioned)
    {
        CommandOutcome outcome = Commands().Read(line);

        foreach (string part in mentioned)
            Assert.That(outcome.Message, Does.Contain(part));
        Assert.That(outcome, Is.EqualTo(new CommandOutcome(outcome.Message)), "nothing is asked and nobody leaves");
        Assert.That(_settings, Is.EqualTo(new ChatSettings { MaxTokens = 16 }).UsingPropertiesComparer());
    }

    [TestCase("/system Be brief.", "/system", "Be brief.")]
    [TestCase("/system off", "/system", "off")]
    [TestCase("/temperature 0.7", "/temperature", "0.7")]
    [TestCase("/seed 5", "/seed", "5")]
    [TestCase("/seed off", "/seed", "off")]
    [TestCase("/max-tokens 40", "/max-tokens", "40")]
    [TestCase("/reasoning HIGH", "/reasoning", "high")]
    [TestCase("/reasoning off", "/reasoning", "off")]
    [TestCase("/plain On", "/plain", "on")]
    [TestCase("/PLAIN off", "/plain", "off")]
    public void A_setting_without_a_value_shows_what_it_was_set_to(string change, string show, string value)
    {
        ChatCommands commands = Commands();

        Assert.That(commands.Read(change).Message, Is.EqualTo($"{show[1..]}: {value}"));
        Assert.That(commands.Read(show).Message, Is.EqualTo($"{show[1..]}: {value}"));
    }

    private ChatCommands Commands() => new(new Conversation(), _settings);
}
