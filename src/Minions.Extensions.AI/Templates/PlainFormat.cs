namespace Minions.Extensions.AI.Templates;

/// <summary>The prompt of a model that has no template: the messages as a dialogue. It is a template as any other.</summary>
internal static class PlainFormat
{
    public const string Source = """
        {%- if tools %}{{ raise_exception('the model has no chat template, so it cannot be told of tools: leave the tools out, or give a template') }}{% endif %}
        {%- for message in messages %}
            {{- message.role | capitalize }}: {% if message.content is string %}{{ message.content | trim }}
            {%- elif message.content %}{% for part in message.content if part.type == 'text' %}{{ part.text }}{% endfor %}
            {%- endif %}
            {{- '\n\n' }}
        {%- endfor %}
        {%- if add_generation_prompt %}{{ 'Assistant:' }}{% endif %}
        """;
}
