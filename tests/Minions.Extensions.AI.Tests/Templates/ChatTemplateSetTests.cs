using System.Text.Json.Nodes;
using Minions.Core;
using Minions.Extensions.AI.Templates;

namespace Minions.Extensions.AI.Tests.Templates;

public sealed class ChatTemplateSetTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Make() => _folder = new TemporaryFolder();

    [TearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public void A_template_of_its_own_file_comes_before_that_of_the_configuration()
    {
        Write("tokenizer_config.json", """{"chat_template": "config"}""");
        Write("chat_template.json", """{"chat_template": "processor"}""");
        Assert.That(Text(), Is.EqualTo("config"));
        Write("chat_template.jinja", "file");
        Assert.That(Text(), Is.EqualTo("file"));
    }

    [Test]
    public void A_template_of_the_processor_is_the_last_resort()
    {
        Write("tokenizer_config.json", "{}");
        Write("chat_template.json", """{"chat_template": "processor"}""");
        Assert.That(Text(), Is.EqualTo("processor"));
    }

    [Test]
    public void Tools_take_the_template_that_is_named_for_them()
    {
        Write("tokenizer_config.json", """{"chat_template": [{"name": "default", "template": "plain"}, {"name": "tool_use", "template": "with tools"}]}""");
        ChatTemplateSet set = ChatTemplateSet.Load(_folder.Path);
        Assert.That(Text(set), Is.EqualTo("plain"));
        Assert.That(Text(set, [new JsonObject()]), Is.EqualTo("with tools"));
        Assert.That(set.Templates.Keys, Is.EquivalentTo((string[])["default", "tool_use"]));
    }

    [Test]
    public void More_templates_stand_in_a_folder()
    {
        Write("chat_template.jinja", "plain");
        Directory.CreateDirectory(Path.Combine(_folder.Path, "additional_chat_templates"));
        Write(Path.Combine("additional_chat_templates", "tool_use.jinja"), "with tools");
        Assert.That(Text(ChatTemplateSet.Load(_folder.Path), [new JsonObject()]), Is.EqualTo("with tools"));
    }

    [Test]
    public void Special_tokens_are_variables()
    {
        Write("tokenizer_config.json", """
            {"chat_template": "{{ bos_token }}{{ eos_token }}{{ pad_token is defined }}{{ image_token }}{{ additional_special_tokens }}", "bos_token": "<s>",
             "eos_token": {"content": "</s>", "special": true}, "pad_token": null, "extra_special_tokens": {"image_token": "<i>"}, "additional_special_tokens": ["<a>", {"content": "<b>"}]}
            """);
        Assert.That(Text(), Is.EqualTo("<s></s>False<i>['<a>', '<b>']"));
    }

    [Test]
    public void A_variable_of_the_input_takes_the_place_of_a_special_token()
    {
        Write("tokenizer_config.json", """{"chat_template": "{{ bos_token }}", "bos_token": "<s>"}""");
        var input = new ChatTemplateInput { Messages = [], Variables = new JsonObject { ["bos_token"] = "<t>" } };
        Assert.That(ChatTemplateSet.Load(_folder.Path).Render(input).Text, Is.EqualTo("<t>"));
    }

    [TestCase("{}", "<m>")]
    [TestCase("""{"added_tokens_decoder": {}}""", "")]
    [TestCase("""{"bos_token": "<s>"}""", "<s>")]
    public void The_older_file_of_special_tokens_counts_where_the_configuration_has_no_tokens(string config, string expected)
    {
        Write("chat_template.jinja", "{{ bos_token }}");
        Write("tokenizer_config.json", config);
        Write("special_tokens_map.json", """{"bos_token": {"content": "<m>"}}""");
        Assert.That(Text(), Is.EqualTo(expected));
    }

    [Test]
    public void Without_a_template_the_messages_are_a_dialogue()
    {
        ChatTemplateSet set = ChatTemplateSet.Load(_folder.Path);
        var input = new ChatTemplateInput
        {
            Messages =
            [
                Rendering.Message("system", "Be brief."),
                new JsonObject { ["role"] = "user", ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = "Hi" }, new JsonObject { ["type"] = "image" }) },
                new JsonObject { ["role"] = "assistant", ["content"] = null },
            ],
        };
        Assert.That(set.IsPlain);
        Assert.That(Rendering.Marked(set.Render(input)), Is.EqualTo("System: «Be brief.»\n\nUser: «Hi»\n\nAssistant: \n\nAssistant:"));
        Assert.That(() => Text(set, [new JsonObject()]), Throws.TypeOf<ChatTemplateException>().With.Message.Contains("no chat template"));
    }

    [Test]
    public void A_template_can_be_given()
    {
        Write("tokenizer_config.json", """{"bos_token": "<s>"}""");
        Assert.That(Text(ChatTemplateSet.FromSource("{{ bos_token }}x", _folder.Path)), Is.EqualTo("<s>x"));
        Assert.That(Text(ChatTemplateSet.FromSource("{{ bos_token }}x")), Is.EqualTo("x"));
    }

    [Test]
    public void A_model_of_the_repository_has_a_template_or_the_plain_format() =>
        Assert.That(Text(ChatTemplateSet.Load(Path.Combine(RepositoryFiles.SmolLm2, "target"))), Is.Not.Empty);

    [TestCase("tokenizer_config.json", "[]", "is not a JSON object")]
    [TestCase("tokenizer_config.json", "{", "is not valid JSON (line 1")]
    [TestCase("tokenizer_config.json", """{"chat_template": 1}""", "'chat_template' is neither")]
    [TestCase("tokenizer_config.json", """{"chat_template": [{"name": "default"}]}""", "without the strings 'name' and 'template'")]
    [TestCase("tokenizer_config.json", """{"chat_template": [{"name": "rag", "template": ""}]}""", "'rag', but none named 'default'")]
    [TestCase("tokenizer_config.json", """{"bos_token": 1}""", "'bos_token' is neither")]
    public void A_malformed_file_is_refused_by_name(string name, string content, string message)
    {
        Write(name, content);
        Assert.That(() => ChatTemplateSet.Load(_folder.Path), Throws.TypeOf<ModelLoadException>().With.Message.Contains(message).And.Message.Contains(_folder.Path));
    }

    [Test]
    public void A_folder_that_does_not_exist_is_refused() => Assert.That(
        () => ChatTemplateSet.Load(Path.Combine(_folder.Path, "nothing")), Throws.TypeOf<ModelLoadException>().With.Message.Contains("does not exist"));

    private void Write(string name, string content) => File.WriteAllText(Path.Combine(_folder.Path, name), content);

    private string Text() => Text(ChatTemplateSet.Load(_folder.Path));

    private static string Text(ChatTemplateSet set, JsonArray? tools = null) =>
        set.Render(new ChatTemplateInput { Messages = [Rendering.Message("user", "Hi")], Tools = tools }).Text;
}
