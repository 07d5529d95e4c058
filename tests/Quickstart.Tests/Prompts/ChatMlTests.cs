using System.Text.Json;
using Quickstart.Prompts;

namespace Quickstart.Tests.Prompts;

public sealed class ChatMlTests
{
    private static readonly string SmolLm2 = RepositoryFiles.PathOf("samples", "models", "smollm2");

    [Test]
    public void Wrapping_gives_what_the_models_own_template_gives()
    {
        ChatMl template = ChatMl.Detect(Path.Combine(SmolLm2, "target"))!;

        string[] lines = File.ReadAllLines(Path.Combine(SmolLm2, "prompts-dev.jsonl"));
        Assert.That(lines, Is.Not.Empty);
        foreach (string line in lines)
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement message = document.RootElement.GetProperty("messages").EnumerateArray().Single();
            Assert.That(template.Wrap(message.GetProperty("content").GetString()!), Is.EqualTo(document.RootElement.GetProperty("prompt").GetString()));
        }
    }

    [Test]
    public void The_template_in_the_tokenizer_configuration_serves_where_there_is_no_file_of_its_own()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            File.Copy(Path.Combine(SmolLm2, "target", "tokenizer_config.json"), Path.Combine(folder, "tokenizer_config.json"));

            Assert.That(ChatMl.Detect(folder)!.Wrap("Why?"), Is.EqualTo(ChatMl.Detect(Path.Combine(SmolLm2, "target"))!.Wrap("Why?")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestCase("{\"chat_template\": [{\"name\": \"default\", \"template\": \"<|im_start|> <|im_end|>\"}]}", ExpectedResult = true)]
    [TestCase("{\"chat_template\": [{\"name\": \"tools\", \"template\": \"<|im_start|> <|im_end|>\"}]}", ExpectedResult = false)]
    [TestCase("{\"chat_template\": 3}", ExpectedResult = false)]
    [TestCase("{}", ExpectedResult = false)]
    [TestCase("[]", ExpectedResult = false)]
    [TestCase("{", ExpectedResult = false)]
    public bool Other_forms_of_the_configuration_are_read_or_passed_over(string configuration)
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "tokenizer_config.json"), configuration);
            return ChatMl.Detect(folder) is not null;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public void A_default_system_message_is_taken_from_an_escaped_literal()
    {
        ChatMl template = ChatMl.FromTemplate("""{{- '<|im_start|>system\n' + messages[0].content }}{{- '<|im_start|>system\nYou\'re kind.\nVery.<|im_end|>\n' }}""")!;

        Assert.That(template.Wrap("Why?"), Is.EqualTo("<|im_start|>system\nYou're kind.\nVery.<|im_end|>\n<|im_start|>user\nWhy?<|im_end|>\n<|im_start|>assistant\n"));
    }

    [Test]
    public void Without_a_default_system_message_there_is_none()
    {
        ChatMl template = ChatMl.FromTemplate("""{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>\n' }}""")!;

        Assert.That(template.Wrap("Why?"), Is.EqualTo("<|im_start|>user\nWhy?<|im_end|>\n<|im_start|>assistant\n"));
    }

    [Test]
    public void Another_template_is_not_ChatML()
    {
        Assert.That(ChatMl.FromTemplate("{{ '<|begin_of_text|>' }}"), Is.Null);
        Assert.That(ChatMl.Detect(RepositoryFiles.PathOf("tests", "models", "family", "target")), Is.Null);
    }
}
