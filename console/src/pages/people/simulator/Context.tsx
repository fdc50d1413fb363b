/** Context keys that conditions of policies ask for. */

import AttributeEditor from "@cloudscape-design/components/attribute-editor";
import Autosuggest from "@cloudscape-design/components/autosuggest";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";

import { useCall } from "../../../api/queries";
import { fault } from "../policy/check";
import { type Asked, keysOf } from "./questions";

interface Props {
  asked: Asked;
  /** The policy that is asked where nobody is. */
  text: string;
  onChange: (context: Asked["context"]) => void;
}

export function Context({ asked, text, onChange }: Props) {
  const { who, context } = asked;
  const ofPrincipal = useCall("iam", "GetContextKeysForPrincipalPolicy", { PolicySourceArn: who }, { enabled: Boolean(who) });
  const readable = !who && !fault(text, "identity");
  const ofText = useCall("iam", "GetContextKeysForCustomPolicy", { PolicyInputList: [text] }, { enabled: readable });
  const wanted = (who ? ofPrincipal.data : ofText.data)?.ContextKeyNames ?? [];
  const keys = [...new Set([...wanted, ...keysOf(asked.actions)])];
  const set = (index: number, some: Partial<Asked["context"][number]>) =>
    onChange(context.map((each, at) => (at === index ? { ...each, ...some } : each)));
  return (
    <FormField
      label="Context – optional"
      description={wanted.length > 0 ? `The policies ask for ${wanted.join(", ")}.` : "What conditions would see; the policies ask for nothing."}
      stretch
    >
      <AttributeEditor<Asked["context"][number]>
        items={context}
        onAddButtonClick={() => onChange([...context, { key: wanted.find((each) => !context.some(({ key }) => key === each)) ?? "aws:", value: "" }])}
        onRemoveButtonClick={(event) => onChange(context.filter((_, index) => index !== event.detail.itemIndex))}
        addButtonText="Add a key"
        removeButtonText="Remove"
        empty="No context is given."
        definition={[
          {
            label: "Key",
            control: (item, index) => (
              <Autosuggest
                value={item.key}
                onChange={(event) => set(index, { key: event.detail.value })}
                options={keys.map((value) => ({ value }))}
                enteredTextLabel={(value) => `Use ${value}`}
                ariaLabel="Key"
              />
            ),
          },
          {
            label: "Value",
            control: (item, index) => <Input value={item.value} onChange={(event) => set(index, { value: event.detail.value })} />,
          },
        ]}
      />
    </FormField>
  );
}
