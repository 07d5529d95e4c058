using System.Text.Json;
using System.Text.Json.Nodes;
using Minions.Extensions.AI.Templates;

namespace Minions.Extensions.AI.Tests.Templates;

public sealed class ChatTemplateTests
{
    [TestCase("a\n{% if %}", ChatTemplateErrorKind.Syntax, 2, "{% if %}")]
    [TestCase("a\n\n{{ 1 | nope }}", ChatTemplateErrorKind.UnknownName, 3, "{{ 1 | nope }}")]
    [TestCase("{% if 1 is nope %}{% endif %}", ChatTemplateErrorKind.UnknownName, 1, "{% if 1 is nope %}")]
    [TestCase("{% for m in messages %}\n{{ m.a.b }}\n{% endfor %}", ChatTemplateErrorKind.UndefinedValue, 2, "{{ m.a.b }}")]
    [TestCase("{% macro m() %}\n{{ x.y }}\n{% endmacro %}\n{{ m() }}", ChatTemplateErrorKind.UndefinedValue, 2, "{{ x.y }}")]
    [TestCase("\n{{ raise_exception('Only user and assistant roles are supported!') }}", ChatTemplateErrorKind.Raised, 2, "{{ raise_exception('Only user and assistant roles are supported!') }}")]
    [TestCase("{% set x = [] %}\n{% set y = x.append(1) %}", ChatTemplateErrorKind.NotAllowed, 2, "{% set y = x.append(1) %}")]
    [TestCase("{{ 'a' + 1 }}", ChatTemplateErrorKind.WrongType, 1, "{{ 'a' + 1 }}")]
    [TestCase("{{ 1 // 0 }}", ChatTemplateErrorKind.WrongValue, 1, "{{ 1 // 0 }}")]
    [TestCase("{{ 'x' * 99999999 }}", ChatTemplateErrorKind.LimitExceeded, 1, "{{ 'x' * 99999999 }}")]
    [TestCase("a\n{# b", ChatTemplateErrorKind.Syntax, 2, "{# b")]
    [TestCase("{% include 'x' %}", ChatTemplateErrorKind.NotAllowed, 1, "{% include 'x' %}")]
    [TestCase("{% import 'x' as y %}", ChatTemplateErrorKind.NotAllowed, 1, "{% import 'x' as y %}")]
    [TestCase("{% from 'x' import y %}", ChatTemplateErrorKind.NotAllowed, 1, "{% from 'x' import y %}")]
    [TestCase("{% extends 'x' %}", ChatTemplateErrorKind.NotAllowed, 1, "{% extends 'x' %}")]
    [TestCase("{% block x %}{% endblock %}", ChatTemplateErrorKind.NotAllowed, 1, "{% block x %}")]
    [TestCase("{{ [1]|random }}", ChatTemplateErrorKind.NotAllowed, 1, "{{ [1]|random }}")]
    public void An_error_names_template_line_and_construct(string source, ChatTemplateErrorKind kind, int line, string construct)
    {
        ChatTemplateException fault = Rendering.Fault(source);
        Assert.Multiple(() =>
        {
            Assert.That(fault.Kind, Is.EqualTo(kind));
            Assert.That(fault.Line, Is.EqualTo(line));
            Assert.That(fault.Construct, Is.EqualTo(construct));
            Assert.That(fault.TemplateName, Is.EqualTo("default"));
            Assert.That(fault.Message, Is.EqualTo($"Chat template 'default', line {line}, {construct}: {fault.Reason}"));
        });
    }

    [TestCase("{{ messages.GetType() }}")]
    [TestCase("{{ messages[0].Elements.x }}")]
    [TestCase("{{ messages[0]['Entries'].x }}")]
    [TestCase("{{ 'a'.Length.x }}")]
    [TestCase("{{ 'a'.__class__.__mro__ }}")]
    [TestCase("{{ range.Method.x }}")]
    [TestCase("{{ (messages|map(attribute='__class__')|first).x }}")]
    public void Nothing_leads_to_an_object_of_NET(string source) =>
        Assert.That(Rendering.Fault(source).Kind, Is.AnyOf(ChatTemplateErrorKind.UndefinedValue, ChatTemplateErrorKind.NotAllowed));

    [Test]
    public void Numbers_of_JSON_and_of_NET_print_as_in_Python()
    {
        var variables = new JsonObject
        {
            ["a"] = JsonNode.Parse("1"),
            ["b"] = JsonNode.Parse("1.0"),
            ["c"] = JsonNode.Parse("1e2"),
            ["d"] = JsonNode.Parse("12345678901234567890123"),
            ["e"] = 3.0,
            ["f"] = 3,
            ["g"] = 0.1f,
            ["h"] = 2.5m,
            ["i"] = JsonValue.Create(JsonDocument.Parse("-0.5").RootElement),
            ["j"] = 5L,
        };
        var input = new ChatTemplateInput { Messages = [], Variables = variables };
        Assert.That(
            ChatTemplate.Parse("{{ [a, b, c, d, e, f, g, h, i, j] }}").Render(input).Text,
            Is.EqualTo("[1, 1.0, 100.0, 12345678901234567890123, 3.0, 3, 0.1, 2.5, -0.5, 5]"));
    }

    [Test]
    public void A_string_that_is_no_Unicode_is_refused_with_its_place() => Assert.That(
        () => ChatTemplate.Parse("").Render(new ChatTemplateInput { Messages = [JsonNode.Parse("""{"content": "\ud800"}""")] }),
        Throws.ArgumentException.With.Message.Contains("$[0].content"));

    [TestCase("""{"content": {"\ud800": 1}}""")]
    [TestCase("""{"content": {"a": 1, "a": 2}}""")]
    public void A_name_that_cannot_be_read_is_refused_with_its_place(string message) => Assert.That(
        () => ChatTemplate.Parse("").Render(new ChatTemplateInput { Messages = [JsonNode.Parse(message)] }),
        Throws.ArgumentException.With.Message.Contains("'$[0].content'"));

    [TestCase(4_300, "")]
    [TestCase(4_300, "-")]
    public void An_integer_of_as_many_digits_as_Python_reads_is_carried(int digits, string sign)
    {
        string number = sign + new string('7', digits);
        Assert.That(
            ChatTemplate.Parse("{{ messages[0].n }}").Render(new ChatTemplateInput { Messages = [JsonNode.Parse($$"""{"n": {{number}}}""")] }).Text,
            Is.EqualTo(number));
    }

    [TestCase("""{"messages": [{"tool_calls": [{"function": {"arguments": {"n": NUMBER}}}]}], "tools": [], "x": 0}""", "$.messages[0].tool_calls[0].function.arguments.n")]
    [TestCase("""{"messages": [], "tools": [{"function": {"parameters": {"maximum": NUMBER}}}], "x": 0}""", "$.tools[0].function.parameters.maximum")]
    [TestCase("""{"messages": [], "tools": [], "x": -NUMBER}""", "$.x")]
    public void An_integer_of_more_digits_is_refused_with_its_place(string fields, string place)
    {
        JsonObject given = JsonNode.Parse(fields.Replace("NUMBER", new string('7', 400_000), StringComparison.Ordinal))!.AsObject();
        var input = new ChatTemplateInput { Messages = given["messages"]!.AsArray(), Tools = given["tools"]!.AsArray(), Variables = new JsonObject { ["x"] = given["x"]!.DeepClone() } };
        Assert.That(
            () => ChatTemplate.Parse("").Render(input),
            Throws.ArgumentException.With.Message.Contains(place).And.Message.Contains("400000 digits").And.Message.Contains("Give it as a string"));
    }

    [TestCase("''.find('a', 1, 2)", "-1")]
    [TestCase("''.find('', 1, 2)", "-1")]
    [TestCase("''.find('', 0, 2)", "0")]
    [TestCase("'abc'.find('', 4)", "-1")]
    [TestCase("'abc'.find('', 3)", "3")]
    [TestCase("'abc'.find('c', -1)", "2")]
    [TestCase("'abc'.find('b', 0, -1)", "1")]
    [TestCase("'abc'.rfind('', 1, 2)", "2")]
    [TestCase("''.rindex('', 0, 5)", "0")]
    [TestCase("''.count('', 1)", "0")]
    [TestCase("'abc'.count('', 1, 3)", "3")]
    [TestCase("''.startswith('', 1)", "False")]
    [TestCase("''.endswith('', 0, 3)", "True")]
    public void The_bounds_of_a_search_are_those_of_Python(string expression, string expected) =>
        Assert.That(Rendering.Render($"{{{{ {expression} }}}}").Text, Is.EqualTo(expected));

    [Test]
    public void What_the_interpreter_does_not_expect_is_an_error_with_its_cause()
    {
        ChatTemplateException fault = Rendering.Fault("a\n{{ strftime_now('%Y') }}", options: new() { TimeProvider = new BrokenClock(new TimeZoneNotFoundException("no zone")) });
        Assert.Multiple(() =>
        {
            Assert.That(fault.Kind, Is.EqualTo(ChatTemplateErrorKind.Internal));
            Assert.That(fault.Line, Is.EqualTo(2));
            Assert.That(fault.InnerException, Is.TypeOf<TimeZoneNotFoundException>());
            Assert.That(fault.Message, Does.Contain("no zone"));
        });
    }

    [TestCase("{% for i in range(100000) %}{% endfor %}")]
    [TestCase("{{ range(100000)|sort }}")]
    [TestCase("{{ range(100000)|list == range(100000)|list }}")]
    [TestCase("{{ 'x' * 1000000 }}")]
    public void A_rendering_can_be_cancelled(string work)
    {
        using var cancellation = new CancellationTokenSource();
        ChatTemplate template = ChatTemplate.Parse($"{{{{ strftime_now('%Y') }}}}{work}", options: new() { TimeProvider = new CancellingClock(cancellation) });
        Assert.That(() => template.Render(new ChatTemplateInput { Messages = [] }, cancellation.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void A_set_of_templates_hands_the_cancellation_on() => Assert.That(
        () => ChatTemplateSet.Plain.Render(new ChatTemplateInput { Messages = [Rendering.Message("user", "a")] }, new CancellationToken(canceled: true)),
        Throws.InstanceOf<OperationCanceledException>());

    [TestCase("[3, 1, 2]|sort", "[1, 2, 3]")]
    [TestCase("[3, 1, 2]|sort(reverse=true)", "[3, 2, 1]")]
    [TestCase("['b', 'A', 'a', 'B']|sort", "['A', 'a', 'b', 'B']")]
    [TestCase("['b', 'A', 'a', 'B']|sort(reverse=true)", "['b', 'B', 'A', 'a']")]
    [TestCase("[[2, 'x'], [1, 'y'], [2, 'a'], [1, 'b'], [0, 'z']]|sort(attribute=0)", "[[0, 'z'], [1, 'y'], [1, 'b'], [2, 'x'], [2, 'a']]")]
    [TestCase("[]|sort", "[]")]
    public void A_sort_moves_no_equal_items(string expression, string expected) =>
        Assert.That(Rendering.Render($"{{{{ {expression} }}}}").Text, Is.EqualTo(expected));

    [Test]
    public void A_sort_of_what_has_no_order_ends() =>
        Assert.That(Rendering.Render("{% set nan = 'nan'|float %}{{ ([3.0, nan, 1.0, nan, 2.0] * 50)|sort|length }}").Text, Is.EqualTo("250"));

    [Test]
    public void Tools_and_documents_that_are_not_there_are_none() =>
        Assert.That(Rendering.Render("{{ tools }} {{ documents }} {{ add_generation_prompt }}").Text, Is.EqualTo("None None True"));

    [TestCase("messages")]
    [TestCase("tools")]
    [TestCase("add_generation_prompt")]
    public void A_variable_that_is_a_property_is_refused(string name) => Assert.That(
        () => ChatTemplate.Parse("").Render(new ChatTemplateInput { Messages = [], Variables = new JsonObject { [name] = 1 } }),
        Throws.ArgumentException.With.Message.Contains($"'{name}'"));

    [Test]
    public void The_clock_is_that_of_the_options() => Assert.That(
        Rendering.Render("{{ strftime_now('%d %B %Y') }}", options: new() { TimeProvider = new FixedClock("2024-02-29T01:02:03") }).Text,
        Is.EqualTo("29 February 2024"));

    [Test]
    public void Many_threads_render_one_template_at_a_time()
    {
        ChatTemplate template = ChatTemplate.Parse(
            "{% set ns = namespace(n=0) %}{% macro m(x) %}[{{ x }}]{% endmacro %}{% for m_ in messages %}{% set ns.n = ns.n + 1 %}{{ m(m_.content) }}{% endfor %}{{ ns.n }}");
        string[] texts = new string[64];
        Parallel.For(0, texts.Length, index => texts[index] = template.Render(new ChatTemplateInput
        {
            Messages = new JsonArray([.. Enumerable.Range(0, index).Select(turn => Rendering.Message("user", $"{index}.{turn}"))]),
        }).Text);
        Assert.That(texts, Is.EqualTo(Enumerable.Range(0, texts.Length).Select(index =>
            string.Concat(Enumerable.Range(0, index).Select(turn => $"[{index}.{turn}]")) + index)));
    }

    [Test]
    public void Rendering_changes_neither_template_nor_input()
    {
        JsonArray messages = [Rendering.Message("user", "a")];
        ChatTemplate template = ChatTemplate.Parse("{% set messages = messages + [1] %}{{ messages|length }}");
        Assert.That(template.Render(new ChatTemplateInput { Messages = messages }).Text, Is.EqualTo("2"));
        Assert.That(template.Render(new ChatTemplateInput { Messages = messages }).Text, Is.EqualTo("2"));
        Assert.That(messages, Has.Count.EqualTo(1));
    }
}
