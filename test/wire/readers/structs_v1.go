//go:build !goexperiment.jsonv2

package main

import "encoding/json"

func unmarshal(data []byte, into any) error { return json.Unmarshal(data, into) }

type message struct {
	ID     json.RawMessage `json:"id"`
	Method json.RawMessage `json:"method"`
	Params json.RawMessage `json:"params"`
}

type params struct {
	Meta            json.RawMessage `json:"_meta"`
	Name            json.RawMessage `json:"name"`
	Arguments       json.RawMessage `json:"arguments"`
	URI             json.RawMessage `json:"uri"`
	Cursor          json.RawMessage `json:"cursor"`
	Ref             json.RawMessage `json:"ref"`
	Argument        json.RawMessage `json:"argument"`
	Context         json.RawMessage `json:"context"`
	Level           json.RawMessage `json:"level"`
	Task            json.RawMessage `json:"task"`
	TaskID          json.RawMessage `json:"taskId"`
	RequestID       json.RawMessage `json:"requestId"`
	Reason          json.RawMessage `json:"reason"`
	ProgressToken   json.RawMessage `json:"progressToken"`
	Progress        json.RawMessage `json:"progress"`
	Total           json.RawMessage `json:"total"`
	ProtocolVersion json.RawMessage `json:"protocolVersion"`
	Capabilities    json.RawMessage `json:"capabilities"`
	ClientInfo      json.RawMessage `json:"clientInfo"`
	InputResponses  json.RawMessage `json:"inputResponses"`
	RequestState    json.RawMessage `json:"requestState"`
	Notifications   json.RawMessage `json:"notifications"`
}

type meta struct {
	Version       json.RawMessage `json:"io.modelcontextprotocol/protocolVersion"`
	Capabilities  json.RawMessage `json:"io.modelcontextprotocol/clientCapabilities"`
	Client        json.RawMessage `json:"io.modelcontextprotocol/clientInfo"`
	LogLevel      json.RawMessage `json:"io.modelcontextprotocol/logLevel"`
	ProgressToken json.RawMessage `json:"progressToken"`
}

type ref struct {
	Type json.RawMessage `json:"type"`
	Name json.RawMessage `json:"name"`
	URI  json.RawMessage `json:"uri"`
}

type argument struct {
	Name  json.RawMessage `json:"name"`
	Value json.RawMessage `json:"value"`
}

type context struct {
	Arguments json.RawMessage `json:"arguments"`
}

type info struct {
	Name    json.RawMessage `json:"name"`
	Version json.RawMessage `json:"version"`
}
